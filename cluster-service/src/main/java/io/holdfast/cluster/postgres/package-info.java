/**
 * A node's own PostgreSQL as values and decisions: its settings, what a probe finds, timelines, where two histories part, and the
 * changes that a losing node had alone. Knows no process, no connection and no election; {@code postgres.server} carries it out.
 */
@NullMarked
package io.holdfast.cluster.postgres;

import org.jspecify.annotations.NullMarked;
