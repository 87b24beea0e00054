/** Changes of users, groups and tenants: what may be changed, and how it is asked for. Knows no storage and no HTTP. */
@NullMarked
package io.holdfast.gateway.administration;

import org.jspecify.annotations.NullMarked;
