/**
 * The messages of the other product, so that a worker or listener of its kind can be attached: what they look like, and what is made of
 * those that come back. Knows no broker and no database.
 */
@NullMarked
package io.holdfast.workflow.bridge;

import org.jspecify.annotations.NullMarked;
