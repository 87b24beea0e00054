/** The OpenAPI documents over HTTP. Must hold no rules. */
@NullMarked
package io.holdfast.gateway.openapi.rest;

import org.jspecify.annotations.NullMarked;
