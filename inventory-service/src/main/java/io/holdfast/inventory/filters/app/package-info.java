/** What the inventory answers about saved filters: ports and use cases. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.filters.app;

import org.jspecify.annotations.NullMarked;
