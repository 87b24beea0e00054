/**
 * The agent of a node: a small process beside the manager that supervises the node's PostgreSQL, elects the active node with its peers
 * and routes database connections there. This package holds its settings and what its parts say to each other; it knows no REST, no
 * state of tenants and nothing of the manager's process.
 */
@NullMarked
package io.holdfast.cluster.agent;

import org.jspecify.annotations.NullMarked;
