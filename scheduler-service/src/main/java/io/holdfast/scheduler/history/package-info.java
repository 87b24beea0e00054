/** What became of each execution, step by step. The database writes it, in the transaction of each change; this reads and forgets it. */
@NullMarked
package io.holdfast.scheduler.history;

import org.jspecify.annotations.NullMarked;
