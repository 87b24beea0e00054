/** What is done when users delete executions: the use case and its port. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.scheduler.deletion.app;

import org.jspecify.annotations.NullMarked;
