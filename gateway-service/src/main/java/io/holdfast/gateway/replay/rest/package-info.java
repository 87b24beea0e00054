/** Replays of events over REST: parse, call, map. */
@NullMarked
package io.holdfast.gateway.replay.rest;

import org.jspecify.annotations.NullMarked;
