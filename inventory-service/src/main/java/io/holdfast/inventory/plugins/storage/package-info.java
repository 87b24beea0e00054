/** The rows of plugins in PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.inventory.plugins.storage;

import org.jspecify.annotations.NullMarked;
