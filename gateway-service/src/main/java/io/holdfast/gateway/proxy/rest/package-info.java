/** Takes requests in and streams them to the services and back, in constant memory. Must hold no rules. */
@NullMarked
package io.holdfast.gateway.proxy.rest;

import org.jspecify.annotations.NullMarked;
