/** Deletes executions with what hangs on them from PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.scheduler.deletion.storage;

import org.jspecify.annotations.NullMarked;
