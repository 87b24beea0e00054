/** The claim as one SQL statement. */
@NullMarked
package io.holdfast.scheduler.dispatch.storage;

import org.jspecify.annotations.NullMarked;
