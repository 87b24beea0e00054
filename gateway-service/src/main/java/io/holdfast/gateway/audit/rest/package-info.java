/** The audit log over HTTP. Must hold no rules. */
@NullMarked
package io.holdfast.gateway.audit.rest;

import org.jspecify.annotations.NullMarked;
