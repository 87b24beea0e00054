/** Rules that all things of the inventory share: ids, visibility. Knows no single kind of thing. */
@NullMarked
package io.holdfast.inventory.resources;

import org.jspecify.annotations.NullMarked;
