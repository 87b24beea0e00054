/** Tells what changed about the nodes, in one transaction with what is known of them. Knows no transport. */
@NullMarked
package io.holdfast.cluster.node.app;

import org.jspecify.annotations.NullMarked;
