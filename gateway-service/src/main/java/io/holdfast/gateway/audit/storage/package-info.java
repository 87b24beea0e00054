/** The audit log in PostgreSQL. */
@NullMarked
package io.holdfast.gateway.audit.storage;

import org.jspecify.annotations.NullMarked;
