/** Takes commands in, in the transaction that acknowledges them, and answers. Knows no broker. */
@NullMarked
package io.holdfast.workflow.running.app;

import org.jspecify.annotations.NullMarked;
