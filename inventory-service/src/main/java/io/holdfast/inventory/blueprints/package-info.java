/** Blueprints: the states that they go through. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.blueprints;

import org.jspecify.annotations.NullMarked;
