/** Maintenance mode: the rules of a gate that an operator or a restore closes. Knows no database, no HTTP and no clock. */
@NullMarked
package io.holdfast.cluster.maintenance;

import org.jspecify.annotations.NullMarked;
