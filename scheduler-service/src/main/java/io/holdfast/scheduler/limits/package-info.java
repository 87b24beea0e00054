/** How many executions a tenant, or a concurrency key of it, may run. Knows no transport. */
@NullMarked
package io.holdfast.scheduler.limits;

import org.jspecify.annotations.NullMarked;
