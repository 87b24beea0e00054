/** What the scheduler asks the manager's directory: whether there are certain users. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.scheduler.directory.app;

import org.jspecify.annotations.NullMarked;
