/** The nodes of the cluster: at present the one that this is. Knows no network. */
@NullMarked
package io.holdfast.cluster.node;

import org.jspecify.annotations.NullMarked;
