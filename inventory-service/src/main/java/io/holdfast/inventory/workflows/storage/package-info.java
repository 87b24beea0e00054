/** The rows of the workflows that deployments have in PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.inventory.workflows.storage;

import org.jspecify.annotations.NullMarked;
