/** Datagrams between the agents: authenticated, bounded, protected against replays. Knows how a message travels, not what it means. */
@NullMarked
package io.holdfast.cluster.agent.peers;

import org.jspecify.annotations.NullMarked;
