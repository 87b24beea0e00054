/** Changes of users, groups and tenants over HTTP. Must hold no rules. */
@NullMarked
package io.holdfast.gateway.administration.rest;

import org.jspecify.annotations.NullMarked;
