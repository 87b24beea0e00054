/** Answers requests of external producers, and manages producers. Transactions begin and end here. */
@NullMarked
package io.holdfast.gateway.requests.app;

import org.jspecify.annotations.NullMarked;
