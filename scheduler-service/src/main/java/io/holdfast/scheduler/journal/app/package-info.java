/** Writes what workers report into the journal. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.scheduler.journal.app;

import org.jspecify.annotations.NullMarked;
