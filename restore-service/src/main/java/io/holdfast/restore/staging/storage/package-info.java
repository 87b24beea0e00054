/** Staging in PostgreSQL: schemas beside the live ones. Plain classes, usable without a container. */
@NullMarked
package io.holdfast.restore.staging.storage;

import org.jspecify.annotations.NullMarked;
