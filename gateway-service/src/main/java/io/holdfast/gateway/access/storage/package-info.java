/** Schema access in PostgreSQL, by plain SQL. Must not decide anything. */
@NullMarked
package io.holdfast.gateway.access.storage;

import org.jspecify.annotations.NullMarked;
