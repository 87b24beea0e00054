/** What the inventory answers about agents: ports and use cases. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.agents.app;

import org.jspecify.annotations.NullMarked;
