/** What the inventory answers about inter-deployment dependencies: ports and use cases. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.dependencies.app;

import org.jspecify.annotations.NullMarked;
