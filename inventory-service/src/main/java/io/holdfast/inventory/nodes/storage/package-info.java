/** The rows of nodes and node instances in PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.inventory.nodes.storage;

import org.jspecify.annotations.NullMarked;
