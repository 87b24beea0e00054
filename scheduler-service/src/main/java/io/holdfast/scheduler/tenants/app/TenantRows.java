package io.holdfast.scheduler.tenants.app;

/** Whatever stands under a tenant's name. Joins the transaction at hand. */
public interface TenantRows {

    void deleteAll(String tenant);
}
