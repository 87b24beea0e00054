/** Authenticates one request. Must not know permissions. */
@NullMarked
package io.holdfast.gateway.authentication.app;

import org.jspecify.annotations.NullMarked;
