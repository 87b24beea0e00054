/** The HTTP resources of saved filters: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.filters.rest;

import org.jspecify.annotations.NullMarked;
