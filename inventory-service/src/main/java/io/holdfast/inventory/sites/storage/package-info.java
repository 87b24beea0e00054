/** The rows of sites in PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.inventory.sites.storage;

import org.jspecify.annotations.NullMarked;
