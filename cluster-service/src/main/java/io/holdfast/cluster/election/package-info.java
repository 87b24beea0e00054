/**
 * Which node is the active one: the election as a pure function of state, event and time. Knows no socket, no file, no thread, no clock
 * and no PostgreSQL; who calls it carries out the actions in their order.
 */
@NullMarked
package io.holdfast.cluster.election;

import org.jspecify.annotations.NullMarked;
