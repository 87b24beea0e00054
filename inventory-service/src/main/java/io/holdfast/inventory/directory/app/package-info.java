/** What the inventory asks the manager's directory: whether there are certain tenants and users. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.directory.app;

import org.jspecify.annotations.NullMarked;
