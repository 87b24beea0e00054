/** The history in the tables of the state schema. */
@NullMarked
package io.holdfast.scheduler.history.storage;

import org.jspecify.annotations.NullMarked;
