package io.holdfast.inventory.secrets.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.listing.Catalogue;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import java.util.List;

/** Secrets. Lists never carry values. */
public interface Secrets extends Catalogue {

    /** What filter rules may name. */
    List<String> ATTRIBUTES = List.of("key", "provider_name");

    /** As {@link #list}, with rules on the {@link #ATTRIBUTES}, and constraints on the key. */
    Listing search(ListRequest request, List<FilterRule> rules, Constraints names, CallerIdentity caller);

    /**
     * With its value, opened: parsed where the secret has a schema, empty text where it is hidden and the caller is neither an
     * administrator nor its creator, null with {@code _skip_value=true}.
     */
    @Override
    Row get(String key, ListRequest request, CallerIdentity caller);
}
