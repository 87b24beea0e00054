package io.holdfast.inventory.nodes.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.Catalogue;
import io.holdfast.listing.ListRequest;

/** Node instances with their runtime properties. */
public interface NodeInstances extends Catalogue {

    /** How many there are by {@code _target_field} and {@code _sub_field}. */
    ObjectNode summary(ListRequest request, CallerIdentity caller);
}
