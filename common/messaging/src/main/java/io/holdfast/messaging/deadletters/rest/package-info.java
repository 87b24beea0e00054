/** The parked messages of a service for administrators; the same resource in every service. */
@NullMarked
package io.holdfast.messaging.deadletters.rest;

import org.jspecify.annotations.NullMarked;
