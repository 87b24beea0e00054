/** Searches over HTTP: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.searches.rest;

import org.jspecify.annotations.NullMarked;
