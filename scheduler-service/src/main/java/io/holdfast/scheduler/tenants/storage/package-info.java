/** The rows of tenants in PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.scheduler.tenants.storage;

import org.jspecify.annotations.NullMarked;
