/** Deletion of executions over internal REST: parse, call, map. Knows no rules. */
@NullMarked
package io.holdfast.scheduler.deletion.rest;

import org.jspecify.annotations.NullMarked;
