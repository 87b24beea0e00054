/** Producers and their requests in PostgreSQL, and the calls to the owning services. Must not decide anything. */
@NullMarked
package io.holdfast.gateway.requests.storage;

import org.jspecify.annotations.NullMarked;
