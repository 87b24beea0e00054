/** The rows of saved filters in PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.inventory.filters.storage;

import org.jspecify.annotations.NullMarked;
