/** What the inventory answers about deployment groups: ports and use cases. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.groups.app;

import org.jspecify.annotations.NullMarked;
