/** Asks the database whether it is there, and for the roles that the configuration shows. */
@NullMarked
package io.holdfast.gateway.manager.storage;

import org.jspecify.annotations.NullMarked;
