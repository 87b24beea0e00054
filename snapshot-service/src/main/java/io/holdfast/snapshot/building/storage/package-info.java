/** The export of the state from PostgreSQL into an archive, and the claims on builds. The engine runs without a container. */
@NullMarked
package io.holdfast.snapshot.building.storage;

import org.jspecify.annotations.NullMarked;
