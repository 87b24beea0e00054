/** The use case of replaying events. */
@NullMarked
package io.holdfast.gateway.replay.app;

import org.jspecify.annotations.NullMarked;
