/** Reads and truncates the audit log, and writes into it. */
@NullMarked
package io.holdfast.gateway.audit.app;

import org.jspecify.annotations.NullMarked;
