package io.holdfast.scheduler;

import io.holdfast.testsupport.ArchitectureContract;

class SchedulerArchitectureTest extends ArchitectureContract {}
