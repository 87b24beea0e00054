/** What a process tells of itself, over internal REST. */
@NullMarked
package io.holdfast.diagnostics.process.rest;

import org.jspecify.annotations.NullMarked;
