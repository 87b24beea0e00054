/** The swap in PostgreSQL: schemas change names. Plain classes, usable without a container. */
@NullMarked
package io.holdfast.restore.swap.storage;

import org.jspecify.annotations.NullMarked;
