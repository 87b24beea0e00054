/** The HTTP resources of plugins: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.plugins.rest;

import org.jspecify.annotations.NullMarked;
