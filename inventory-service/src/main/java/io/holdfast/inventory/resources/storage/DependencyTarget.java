package io.holdfast.inventory.resources.storage;

/**
 * Which deployment is meant by the id of a target in {@code inventory.inter_deployment_dependencies}, whose rows stand in the source's
 * tenant: the one of that tenant, else a global one.
 */
public final class DependencyTarget {

    private DependencyTarget() {}

    /** Its tenant; null: there is no such deployment. @param dependency alias of the row */
    public static String tenant(String dependency) {
        return "(SELECT t.tenant_name FROM inventory.deployments t"
                + where(dependency + ".target_deployment_id", dependency + ".tenant_name")
                + ")";
    }

    /** Rest of a query over deployments {@code t}. @param id SQL; the same for the source's tenant, which stands there twice */
    public static String where(String id, String tenant) {
        return " WHERE t.id = " + id + " AND (t.tenant_name = " + tenant
                + " OR t.visibility = 'global') ORDER BY t.tenant_name = " + tenant + " DESC LIMIT 1";
    }
}
