/** Filter rules: which ones are legal and what they say. Plain Java. */
@NullMarked
package io.holdfast.inventory.filters;

import org.jspecify.annotations.NullMarked;
