package io.holdfast.diagnostics;

import io.holdfast.testsupport.ArchitectureContract;

/** The walls of the architecture, held against this module's classes. */
class ArchitectureTest extends ArchitectureContract {}
