/** What the inventory answers about deployments: ports and use cases. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.deployments.app;

import org.jspecify.annotations.NullMarked;
