/** Merges what the services answer. */
@NullMarked
package io.holdfast.gateway.deadletters.app;

import org.jspecify.annotations.NullMarked;
