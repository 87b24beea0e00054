/** Tenants, users, groups and permissions over HTTP. Must hold no rules. */
@NullMarked
package io.holdfast.gateway.access.rest;

import org.jspecify.annotations.NullMarked;
