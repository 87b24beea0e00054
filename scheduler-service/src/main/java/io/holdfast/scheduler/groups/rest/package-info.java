/** Writing of execution groups over internal REST: parse, call, map. Knows no rules. */
@NullMarked
package io.holdfast.scheduler.groups.rest;

import org.jspecify.annotations.NullMarked;
