/** How many things there are, over HTTP: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.summaries.rest;

import org.jspecify.annotations.NullMarked;
