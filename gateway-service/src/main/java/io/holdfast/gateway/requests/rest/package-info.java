/** Producers over REST, for administrators. Must not decide anything. */
@NullMarked
package io.holdfast.gateway.requests.rest;

import org.jspecify.annotations.NullMarked;
