/** The rows of secrets and secrets providers in PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.inventory.secrets.storage;

import org.jspecify.annotations.NullMarked;
