/** The gate's row. Knows nothing of what its states mean. */
@NullMarked
package io.holdfast.cluster.maintenance.storage;

import org.jspecify.annotations.NullMarked;
