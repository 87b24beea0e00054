/** Finds what values name. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.searches.app;

import org.jspecify.annotations.NullMarked;
