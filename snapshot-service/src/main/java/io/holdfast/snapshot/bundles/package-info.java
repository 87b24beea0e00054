/**
 * Log bundles: what whoever looks for a fault wants to see of this manager, in one archive and without its secrets. They are no part of
 * any snapshot.
 */
@NullMarked
package io.holdfast.snapshot.bundles;

import org.jspecify.annotations.NullMarked;
