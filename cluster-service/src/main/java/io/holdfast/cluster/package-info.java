/** The cluster's own matters: maintenance mode and which node is active. Knows no state of tenants. */
@NullMarked
package io.holdfast.cluster;

import org.jspecify.annotations.NullMarked;
