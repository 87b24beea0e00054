/** Statements on PostgreSQL, as part of the transaction that runs. Knows no table. */
@NullMarked
package io.holdfast.inventory.resources.storage;

import org.jspecify.annotations.NullMarked;
