/** Which requests pass while the manager is in maintenance or on its way there. Does not change the gate: the cluster-service does. */
@NullMarked
package io.holdfast.gateway.maintenance;

import org.jspecify.annotations.NullMarked;
