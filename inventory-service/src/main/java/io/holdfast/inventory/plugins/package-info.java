/** What a plugin's archive says of it. Plain Java. */
@NullMarked
package io.holdfast.inventory.plugins;

import org.jspecify.annotations.NullMarked;
