/** Tells whether a caller may read below {@code /resources}. Knows no file. */
@NullMarked
package io.holdfast.gateway.files.rest;

import org.jspecify.annotations.NullMarked;
