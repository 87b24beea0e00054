/** What a node must still know after a power cut: files that are fsynced before anybody acts on them. */
@NullMarked
package io.holdfast.cluster.agent.state;

import org.jspecify.annotations.NullMarked;
