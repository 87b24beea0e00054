/** The rows of blueprints in PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.inventory.blueprints.storage;

import org.jspecify.annotations.NullMarked;
