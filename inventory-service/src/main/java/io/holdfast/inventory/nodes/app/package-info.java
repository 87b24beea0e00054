/** What the inventory answers about nodes and node instances: ports and use cases. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.nodes.app;

import org.jspecify.annotations.NullMarked;
