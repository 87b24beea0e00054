/** Forwards the node's database connections to the active node's PostgreSQL and cuts them all when that changes. Knows bytes only. */
@NullMarked
package io.holdfast.cluster.agent.router;

import org.jspecify.annotations.NullMarked;
