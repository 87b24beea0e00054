/** Writes to schema access, and asks the other services what a tenant holds. */
@NullMarked
package io.holdfast.gateway.administration.storage;

import org.jspecify.annotations.NullMarked;
