/** What the inventory answers about the workflows that deployments have: ports and use cases. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.workflows.app;

import org.jspecify.annotations.NullMarked;
