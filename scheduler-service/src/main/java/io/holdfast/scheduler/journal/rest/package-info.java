/** Events and logs as the manager API takes them. Holds no rules but how a body is read. */
@NullMarked
package io.holdfast.scheduler.journal.rest;

import org.jspecify.annotations.NullMarked;
