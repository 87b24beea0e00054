/** What labels may look like. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.labels;

import org.jspecify.annotations.NullMarked;
