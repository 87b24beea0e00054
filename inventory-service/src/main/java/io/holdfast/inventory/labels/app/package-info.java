/** What the inventory answers about keys and values of labels: ports and use cases. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.labels.app;

import org.jspecify.annotations.NullMarked;
