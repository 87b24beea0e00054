/** What the inventory answers about content (archives, work directories) by its hash: ports and use cases. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.content.app;

import org.jspecify.annotations.NullMarked;
