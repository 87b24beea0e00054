/**
 * All services in one process: starts the embedded PostgreSQL and AMQP broker (or uses outside ones), then Quarkus. Knows files,
 * processes and ports, but nothing of what the services do.
 */
@NullMarked
package io.holdfast.standalone;

import org.jspecify.annotations.NullMarked;
