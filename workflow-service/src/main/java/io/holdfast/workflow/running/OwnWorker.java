package io.holdfast.workflow.running;

/** The workflows that this service runs itself. */
public interface OwnWorker extends Worker {}
