/** What operations of workflows go through, and what becomes of an execution and of node instances with them. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.scheduler.operations;

import org.jspecify.annotations.NullMarked;
