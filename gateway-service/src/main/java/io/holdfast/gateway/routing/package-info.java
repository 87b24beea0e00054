/** Which URL goes to which service, and which permission and tenant it needs. Knows no transport and no user. */
@NullMarked
package io.holdfast.gateway.routing;

import org.jspecify.annotations.NullMarked;
