/** Takes requests off the queue. Must not decide anything. */
@NullMarked
package io.holdfast.gateway.requests.events;

import org.jspecify.annotations.NullMarked;
