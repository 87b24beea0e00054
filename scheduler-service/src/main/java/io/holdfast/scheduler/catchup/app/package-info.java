/** Decides on what restores missed, when a restore tells of it and whenever it is found. */
@NullMarked
package io.holdfast.scheduler.catchup.app;

import org.jspecify.annotations.NullMarked;
