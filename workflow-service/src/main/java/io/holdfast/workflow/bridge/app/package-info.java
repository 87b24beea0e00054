/** Hands executions over to an attached worker and takes its events and logs. Knows no broker. */
@NullMarked
package io.holdfast.workflow.bridge.app;

import org.jspecify.annotations.NullMarked;
