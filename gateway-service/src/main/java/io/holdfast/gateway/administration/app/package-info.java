/** Makes, changes and removes users, groups and tenants, each in one transaction. */
@NullMarked
package io.holdfast.gateway.administration.app;

import org.jspecify.annotations.NullMarked;
