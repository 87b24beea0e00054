/** Tenants, users, groups, roles and permissions, and what they allow. Knows neither how a user proved who it is nor how it is stored. */
@NullMarked
package io.holdfast.gateway.access;

import org.jspecify.annotations.NullMarked;
