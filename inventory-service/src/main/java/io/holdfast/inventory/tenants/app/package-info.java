/** What the inventory does about tenants that end: the use case and its port. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.tenants.app;

import org.jspecify.annotations.NullMarked;
