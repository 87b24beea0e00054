/** Reads the gate that the cluster-service owns. */
@NullMarked
package io.holdfast.gateway.maintenance.storage;

import org.jspecify.annotations.NullMarked;
