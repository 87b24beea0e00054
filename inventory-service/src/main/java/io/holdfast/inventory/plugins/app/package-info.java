/** What the inventory answers about plugins: ports and use cases. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.plugins.app;

import org.jspecify.annotations.NullMarked;
