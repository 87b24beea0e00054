/** Limits in the tables of the state schema. */
@NullMarked
package io.holdfast.scheduler.limits.storage;

import org.jspecify.annotations.NullMarked;
