/** The rows of tenants in PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.inventory.tenants.storage;

import org.jspecify.annotations.NullMarked;
