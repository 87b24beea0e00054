/** The rows of deployment groups in PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.inventory.groups.storage;

import org.jspecify.annotations.NullMarked;
