/** The snapshot-service: catalogue, building, store and transfer of snapshots. It must not know how they are restored. */
@NullMarked
package io.holdfast.snapshot;

import org.jspecify.annotations.NullMarked;
