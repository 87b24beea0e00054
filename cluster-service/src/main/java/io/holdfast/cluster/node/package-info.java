/** The nodes of the cluster and what changes about them. Knows no network. */
@NullMarked
package io.holdfast.cluster.node;

import org.jspecify.annotations.NullMarked;
