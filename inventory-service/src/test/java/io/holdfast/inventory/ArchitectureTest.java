package io.holdfast.inventory;

import io.holdfast.testsupport.ArchitectureContract;

/** The walls of the architecture, held against this service's classes. */
class ArchitectureTest extends ArchitectureContract {}
