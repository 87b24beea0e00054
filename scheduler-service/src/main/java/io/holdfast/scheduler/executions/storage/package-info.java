/** Executions and their events in PostgreSQL; deployments as the inventory-service tells them. */
@NullMarked
package io.holdfast.scheduler.executions.storage;

import org.jspecify.annotations.NullMarked;
