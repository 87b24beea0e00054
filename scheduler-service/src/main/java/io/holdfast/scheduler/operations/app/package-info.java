/** Writes tasks graphs and operations: use cases and their ports. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.scheduler.operations.app;

import org.jspecify.annotations.NullMarked;
