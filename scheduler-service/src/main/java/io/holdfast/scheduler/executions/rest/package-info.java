/** Executions over internal REST: parse, call, map. Knows no rules. */
@NullMarked
package io.holdfast.scheduler.executions.rest;

import org.jspecify.annotations.NullMarked;
