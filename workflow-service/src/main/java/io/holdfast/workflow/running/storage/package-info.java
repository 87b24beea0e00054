/** The fence in the control schema. Holds no rules about what to answer. */
@NullMarked
package io.holdfast.workflow.running.storage;

import org.jspecify.annotations.NullMarked;
