/** Use cases around tenants, users and groups, and what they ask of the storage. */
@NullMarked
package io.holdfast.gateway.access.app;

import org.jspecify.annotations.NullMarked;
