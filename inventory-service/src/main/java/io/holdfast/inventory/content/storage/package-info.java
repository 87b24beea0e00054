/** The rows of content (archives, work directories) by its hash in PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.inventory.content.storage;

import org.jspecify.annotations.NullMarked;
