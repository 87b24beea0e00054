/** What the inventory answers about blueprints: ports and use cases. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.blueprints.app;

import org.jspecify.annotations.NullMarked;
