/** Use cases on limits, each one transaction. */
@NullMarked
package io.holdfast.scheduler.limits.app;

import org.jspecify.annotations.NullMarked;
