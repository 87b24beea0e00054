/** Decides whether a request is admitted: routing, gate, authentication, tenant, permission, in this order. Must not know HTTP. */
@NullMarked
package io.holdfast.gateway.proxy.app;

import org.jspecify.annotations.NullMarked;
