/** Puts an agent together from its parts, starts and ends it. */
@NullMarked
package io.holdfast.cluster.agent.process;

import org.jspecify.annotations.NullMarked;
