/** The rows of inter-deployment dependencies in PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.inventory.dependencies.storage;

import org.jspecify.annotations.NullMarked;
