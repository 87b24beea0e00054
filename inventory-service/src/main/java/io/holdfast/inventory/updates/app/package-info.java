/** What the inventory answers about deployment updates and plugins updates: ports and use cases. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.updates.app;

import org.jspecify.annotations.NullMarked;
