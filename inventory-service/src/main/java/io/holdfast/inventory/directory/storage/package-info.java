/** Asks the gateway, which keeps tenants and users. */
@NullMarked
package io.holdfast.inventory.directory.storage;

import org.jspecify.annotations.NullMarked;
