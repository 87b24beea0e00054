/** Limits over internal REST: parse, call, map. Knows no rules. */
@NullMarked
package io.holdfast.scheduler.limits.rest;

import org.jspecify.annotations.NullMarked;
