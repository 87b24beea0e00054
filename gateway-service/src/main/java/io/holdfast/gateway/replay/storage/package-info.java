/** The services that keep what they published, over internal HTTP. */
@NullMarked
package io.holdfast.gateway.replay.storage;

import org.jspecify.annotations.NullMarked;
