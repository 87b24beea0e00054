/** What was told of the nodes last. Knows nothing of what it means. */
@NullMarked
package io.holdfast.cluster.node.storage;

import org.jspecify.annotations.NullMarked;
