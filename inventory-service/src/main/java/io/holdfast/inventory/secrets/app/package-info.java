/** What the inventory answers about secrets and secrets providers: ports and use cases. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.secrets.app;

import org.jspecify.annotations.NullMarked;
