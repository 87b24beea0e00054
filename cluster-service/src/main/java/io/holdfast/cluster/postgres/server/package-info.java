/**
 * Carries out what the agent does to its node's own PostgreSQL: processes, JDBC over the Unix socket, files of the node's directory.
 * Every call blocks, with a bound. Knows no peers and makes no decision about who is active.
 */
@NullMarked
package io.holdfast.cluster.postgres.server;

import org.jspecify.annotations.NullMarked;
