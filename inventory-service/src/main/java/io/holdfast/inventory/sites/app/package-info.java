/** What the inventory answers about sites: ports and use cases. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.sites.app;

import org.jspecify.annotations.NullMarked;
