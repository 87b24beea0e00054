/** The bridge's letters in the control schema, and what it asks other services. */
@NullMarked
package io.holdfast.workflow.bridge.storage;

import org.jspecify.annotations.NullMarked;
