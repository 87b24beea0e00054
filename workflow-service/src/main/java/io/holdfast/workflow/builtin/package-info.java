/**
 * The workflows that the standard types declare, as far as operations have nothing to do: which node instances go through which states in
 * which order, and what is said of it. Source: the existing product.
 */
@NullMarked
package io.holdfast.workflow.builtin;

import org.jspecify.annotations.NullMarked;
