/** The only public face of the manager: who may do what, in which tenant, and which service does it. It must not know what the other services do with a request. */
@NullMarked
package io.holdfast.gateway;

import org.jspecify.annotations.NullMarked;
