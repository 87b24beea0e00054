/** The election's messages and durable state as JSON, on the wire and on disk. */
@NullMarked
package io.holdfast.cluster.agent.codec;

import org.jspecify.annotations.NullMarked;
