package io.holdfast.messaging;

/**
 * The broker lost what it held, and was found so when this JVM connected: queues are declared anew, and what the service had
 * published lately is in its outbox again under the same message ids. Fired as a CDI event, synchronously, outside of any
 * transaction; an observer puts those messages of its service into the outbox again which it marked as rebuildable. If one fails,
 * all is tried again; so an observer uses message ids that are the same each time ({@link Outbox#appendRebuildable}).
 *
 * @param service the short name of the service whose messages were lost; a JVM with several services fires once for each
 */
public record BrokerRebuilt(String service) {}
