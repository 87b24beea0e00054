/** What updates decide: which versions of plugins a blueprint gets. Plain Java; knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.updates;

import org.jspecify.annotations.NullMarked;
