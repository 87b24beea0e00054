/** Looks at the nodes now and then, and when this one becomes active. Holds no rules. */
@NullMarked
package io.holdfast.cluster.node.jobs;

import org.jspecify.annotations.NullMarked;
