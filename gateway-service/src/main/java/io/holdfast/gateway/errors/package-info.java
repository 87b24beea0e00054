/** The error body of the manager API, made from problems. Knows no request. */
@NullMarked
package io.holdfast.gateway.errors;

import org.jspecify.annotations.NullMarked;
