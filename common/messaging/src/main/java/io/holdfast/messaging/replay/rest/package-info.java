/** Published events, to be published again, over internal REST: parse, call, map. Knows no rules. */
@NullMarked
package io.holdfast.messaging.replay.rest;

import org.jspecify.annotations.NullMarked;
