package io.holdfast.inventory.tenants.app;

import java.util.List;

/** Whatever stands under a tenant's name. Joins the transaction at hand. */
public interface TenantRows {

    /** SHA-256 of the contents that its things have. */
    List<String> contents(String tenant);

    void deleteAll(String tenant);
}
