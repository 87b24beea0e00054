/** The rows of deployments in PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.inventory.deployments.storage;

import org.jspecify.annotations.NullMarked;
