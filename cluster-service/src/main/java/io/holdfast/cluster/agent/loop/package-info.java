/**
 * The agent's one loop: events go in, the election decides, its actions are carried out in order. What may block, PostgreSQL above all,
 * has threads of its own and comes back as events, so that a database that hangs never holds up a heartbeat.
 */
@NullMarked
package io.holdfast.cluster.agent.loop;

import org.jspecify.annotations.NullMarked;
