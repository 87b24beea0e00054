/** Lists whose rules come in the body of the request instead of a saved filter: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.searches.rest;

import org.jspecify.annotations.NullMarked;
