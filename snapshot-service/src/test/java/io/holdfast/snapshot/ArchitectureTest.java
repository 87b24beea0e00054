package io.holdfast.snapshot;

import io.holdfast.testsupport.ArchitectureContract;

class ArchitectureTest extends ArchitectureContract {}
