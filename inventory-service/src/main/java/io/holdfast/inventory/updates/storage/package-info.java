/** The rows of deployment updates and plugins updates in PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.inventory.updates.storage;

import org.jspecify.annotations.NullMarked;
