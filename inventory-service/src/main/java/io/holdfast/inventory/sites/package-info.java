/** What a site is. Plain Java. */
@NullMarked
package io.holdfast.inventory.sites;

import org.jspecify.annotations.NullMarked;
