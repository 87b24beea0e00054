/**
 * How messages leave a service with its transactions and come in exactly once in effect: outbox, relay, inbox, parked messages,
 * topology; and what must happen to the database before anything else starts. Knows no event by name and no service.
 */
@NullMarked
package io.holdfast.messaging;

import org.jspecify.annotations.NullMarked;
