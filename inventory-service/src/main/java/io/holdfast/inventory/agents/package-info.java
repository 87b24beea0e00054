/** The states of agents. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.agents;

import org.jspecify.annotations.NullMarked;
