/**
 * What more than one service must know of the blueprint language in the same way: which functions there are, what a constraint means, and
 * how the existing API prints values. Knows neither YAML nor JSON: values are text, numbers, booleans, lists, maps and null.
 */
@NullMarked
package io.holdfast.contracts.language;

import org.jspecify.annotations.NullMarked;
