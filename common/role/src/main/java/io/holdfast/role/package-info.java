/**
 * Whether this node may act: its role, the epoch that it has it in, and who is active if it is not. Learned from the node's own
 * cluster agent, or from a lease in the database that all managers share; without either a process is always active, in epoch 0.
 * Knows no service, no message and no request.
 */
@NullMarked
package io.holdfast.role;

import org.jspecify.annotations.NullMarked;
