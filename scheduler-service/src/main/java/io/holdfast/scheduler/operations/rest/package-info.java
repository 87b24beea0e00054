/** Writing of tasks graphs and operations over internal REST: parse, call, map. Knows no rules. */
@NullMarked
package io.holdfast.scheduler.operations.rest;

import org.jspecify.annotations.NullMarked;
