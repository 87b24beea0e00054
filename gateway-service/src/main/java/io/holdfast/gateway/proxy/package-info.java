/** One request on its way in: what of it decides whether and where it goes on. */
@NullMarked
package io.holdfast.gateway.proxy;

import org.jspecify.annotations.NullMarked;
