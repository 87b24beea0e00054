package io.holdfast.inventory.labels.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.ListRequest;

/** Which keys and values labels have. Answers are envelopes whose items are texts, sorted. */
public interface LabelIndex {

    /** What a label is on. */
    enum Kind {
        BLUEPRINTS,
        DEPLOYMENTS
    }

    /** Keys in use, or with {@code _reserved=true} the keys that the manager itself gives a meaning. */
    ObjectNode keys(Kind kind, ListRequest request, CallerIdentity caller);

    ObjectNode values(Kind kind, String key, ListRequest request, CallerIdentity caller);
}
