/** Tokens over HTTP. Must hold no rules. */
@NullMarked
package io.holdfast.gateway.authentication.rest;

import org.jspecify.annotations.NullMarked;
