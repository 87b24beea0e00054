/** Runs the built-in workflows of started executions, and reports on them. Knows neither HTTP nor database. */
@NullMarked
package io.holdfast.workflow.builtin.app;

import org.jspecify.annotations.NullMarked;
