package io.holdfast.gateway.access.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;

/** Reads of tenants, users, groups and permissions, by the list conventions. A constant number of queries for any page. */
public interface Directory {

    /** Those that the caller may see. */
    Listing tenants(ListRequest request, CallerIdentity caller);

    Row tenant(String name, ListRequest request, CallerIdentity caller);

    /** @param withHashes whether answers show password hashes; the caller must be allowed to see them */
    Listing users(ListRequest request, CallerIdentity caller, boolean withHashes);

    Row user(String username, ListRequest request, CallerIdentity caller);

    Listing groups(ListRequest request, CallerIdentity caller);

    Row group(String name, ListRequest request, CallerIdentity caller);

    Listing permissions(ListRequest request, CallerIdentity caller);

    Listing permissionsOf(String role, ListRequest request, CallerIdentity caller);
}
