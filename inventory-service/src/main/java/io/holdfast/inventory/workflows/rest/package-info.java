/** The HTTP resources of the workflows that deployments have: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.workflows.rest;

import org.jspecify.annotations.NullMarked;
