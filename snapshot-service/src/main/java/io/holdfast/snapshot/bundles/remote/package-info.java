/** What services and other nodes tell of themselves; the scheduler, which shows bundles as executions. */
@NullMarked
package io.holdfast.snapshot.bundles.remote;

import org.jspecify.annotations.NullMarked;
