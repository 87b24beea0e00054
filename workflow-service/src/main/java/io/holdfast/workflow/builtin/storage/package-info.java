/** Deployments and executions as the services that own them show and change them. */
@NullMarked
package io.holdfast.workflow.builtin.storage;

import org.jspecify.annotations.NullMarked;
