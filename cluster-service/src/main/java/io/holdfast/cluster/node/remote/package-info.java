/** Asks this node's cluster agent. Knows only its HTTP. */
@NullMarked
package io.holdfast.cluster.node.remote;

import org.jspecify.annotations.NullMarked;
