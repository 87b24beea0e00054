package io.holdfast.inventory.resources;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import org.jspecify.annotations.Nullable;

/** What all things of a tenant are refused with. Source of the texts: cloudify-api section 1.4 and 1.5. */
public final class Refusals {

    private Refusals() {}

    public static ManagerException notFound(String model, String id) {
        return new ManagerException(
                ErrorCode.NOT_FOUND, "Requested `" + model + "` with ID `" + id + "` was not found", null);
    }

    /** Another has the id, in the tenant or globally. */
    public static ManagerException taken(String model, String id, String tenant) {
        return new ManagerException(
                ErrorCode.CONFLICT,
                "<" + model + " id=`" + id + "` tenant=`" + tenant + "`> already exists on <Tenant name=`" + tenant
                        + "`> or with global visibility",
                "choose another id, or change that one");
    }

    /** It cannot be global: another tenant has the id, too. */
    public static ManagerException elsewhere(String model, String id, String tenant) {
        return new ManagerException(
                ErrorCode.CONFLICT,
                "Can't set or create the resource <" + model + " id=`" + id + "` tenant=`" + tenant
                        + "`>, its visibility can't be global because it also exists in other tenants",
                "choose another id, or a narrower visibility");
    }

    /**
     * @param tenant the one that it belongs to; it is global if that is not the request's
     * @throws ManagerException {@code illegal_action_error} for one of another tenant
     */
    public static void requireOwn(String id, String tenant, @Nullable String requestTenant) {
        if (!tenant.equals(requestTenant)) {
            throw new ManagerException(
                    ErrorCode.ILLEGAL_ACTION,
                    "Can't modify the global resource `" + id + "` from outside its tenant `" + tenant + "`",
                    "ask in the tenant that it belongs to");
        }
    }
}
