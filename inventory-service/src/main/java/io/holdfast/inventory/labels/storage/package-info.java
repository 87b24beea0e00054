/** The rows of keys and values of labels in PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.inventory.labels.storage;

import org.jspecify.annotations.NullMarked;
