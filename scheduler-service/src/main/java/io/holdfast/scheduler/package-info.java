/** Executions and schedules of the manager, their events and logs; dispatches what is due. Knows no other service's code. */
@NullMarked
package io.holdfast.scheduler;

import org.jspecify.annotations.NullMarked;
