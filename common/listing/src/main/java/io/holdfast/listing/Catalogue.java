package io.holdfast.listing;

import io.holdfast.http.CallerIdentity;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What a service offers of one kind of resource for reading: the port between its resources and its storage. */
public interface Catalogue {

    Listing list(ListRequest request, CallerIdentity caller);

    /** @throws io.holdfast.contracts.errors.ManagerException {@code not_found_error} if the caller sees no such thing */
    Row get(String id, ListRequest request, CallerIdentity caller);

    /** @throws io.holdfast.contracts.errors.ManagerException {@code not_found_error} if the caller does not see one of them */
    default void requireKnown(Collection<String> ids, CallerIdentity caller) {
        ListRequest idOnly = ListRequest.parseGet(Map.of("_include", List.of("id")));
        ids.forEach(id -> get(id, idOnly, caller));
    }
}
