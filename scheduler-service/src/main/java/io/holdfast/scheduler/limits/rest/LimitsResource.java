package io.holdfast.scheduler.limits.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.language.PythonText;
import io.holdfast.http.CurrentCaller;
import io.holdfast.scheduler.limits.Limit;
import io.holdfast.scheduler.limits.app.ChangeLimits;
import io.holdfast.scheduler.limits.app.ShowLimits;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /api/holdfast/v1/limits} of the gateway: what tenants, and concurrency keys of them, may run. For administrators. */
@Path("/internal/scheduler/v1/limits")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class LimitsResource {

    private static final Set<String> FIELDS = Set.of("max_running", "starts_per_minute", "burst");

    private final ShowLimits show;
    private final ChangeLimits change;
    private final CurrentCaller caller;

    LimitsResource(ShowLimits show, ChangeLimits change, CurrentCaller caller) {
        this.show = show;
        this.change = change;
        this.caller = caller;
    }

    /** All, or those of {@code ?tenant=}. */
    @GET
    public Map<String, Object> list(@QueryParam("tenant") @Nullable String tenant) {
        administrator();
        List<Map<String, @Nullable Object>> items =
                show.list(tenant).stream().map(LimitsResource::json).toList();
        return Map.of(
                "items",
                items,
                "metadata",
                Map.of("pagination", Map.of("total", items.size(), "size", items.size(), "offset", 0)));
    }

    @GET
    @Path("/tenants/{tenant}")
    public Map<String, @Nullable Object> ofTenant(@PathParam("tenant") String tenant) {
        administrator();
        return json(show.get(tenant, null));
    }

    /** Body: {@code max_running}, {@code starts_per_minute}, {@code burst}; what is missing or null is no limit. */
    @PUT
    @Path("/tenants/{tenant}")
    public Map<String, @Nullable Object> putTenant(
            @PathParam("tenant") String tenant, @Nullable Map<String, @Nullable Object> body) {
        administrator();
        return json(change.put(new Limit(
                tenant, null, number(body, "max_running"), number(body, "starts_per_minute"), number(body, "burst"))));
    }

    @DELETE
    @Path("/tenants/{tenant}")
    public void removeTenant(@PathParam("tenant") String tenant) {
        administrator();
        change.remove(tenant, null);
    }

    @GET
    @Path("/keys/{tenant}/{key}")
    public Map<String, @Nullable Object> ofKey(@PathParam("tenant") String tenant, @PathParam("key") String key) {
        administrator();
        return json(show.get(tenant, key));
    }

    /** Body: {@code max_running}. */
    @PUT
    @Path("/keys/{tenant}/{key}")
    public Map<String, @Nullable Object> putKey(
            @PathParam("tenant") String tenant,
            @PathParam("key") String key,
            @Nullable Map<String, @Nullable Object> body) {
        administrator();
        return json(change.put(new Limit(
                tenant, key, number(body, "max_running"), number(body, "starts_per_minute"), number(body, "burst"))));
    }

    @DELETE
    @Path("/keys/{tenant}/{key}")
    public void removeKey(@PathParam("tenant") String tenant, @PathParam("key") String key) {
        administrator();
        change.remove(tenant, key);
    }

    private static Map<String, @Nullable Object> json(Limit limit) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("tenant_name", limit.tenantName());
        json.put("key", limit.key());
        json.put("max_running", limit.maxRunning());
        json.put("starts_per_minute", limit.startsPerMinute());
        json.put("burst", limit.burst());
        return json;
    }

    private static @Nullable Integer number(@Nullable Map<String, @Nullable Object> body, String name) {
        if (body == null) {
            return null;
        }
        for (String field : body.keySet()) {
            if (!FIELDS.contains(field)) {
                throw bad("there is no limit `" + field + "`", "one of max_running, starts_per_minute, burst");
            }
        }
        Object value = body.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Integer number) {
            return number;
        }
        throw bad(name + " is " + PythonText.str(value) + "; expected a whole number from 1 to 1000000", null);
    }

    private static ManagerException bad(String detail, @Nullable String hint) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, hint);
    }

    private void administrator() {
        if (!caller.identity().admin()) {
            throw new ManagerException(
                    ErrorCode.FORBIDDEN,
                    "User `" + caller.identity().username() + "` is not permitted to see or change limits",
                    "ask an administrator");
        }
    }
}
