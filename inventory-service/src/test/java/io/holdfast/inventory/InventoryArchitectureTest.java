package io.holdfast.inventory;

import io.holdfast.testsupport.ArchitectureContract;

class InventoryArchitectureTest extends ArchitectureContract {}
