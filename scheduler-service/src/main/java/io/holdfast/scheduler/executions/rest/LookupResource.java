package io.holdfast.scheduler.executions.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import io.holdfast.scheduler.executions.Executions.Ref;
import io.holdfast.scheduler.executions.app.FindExecutions;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;

/** Executions by identity, over tenants, for services that show them inside other things. A path of its own: it is more specific than an execution's. */
@Path("/internal/scheduler/executions/lookup")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
public class LookupResource {

    private final FindExecutions find;
    private final CurrentCaller caller;

    LookupResource(FindExecutions find, CurrentCaller caller) {
        this.find = find;
        this.caller = caller;
    }

    /** Body {@code {"ids": [{"tenant_name", "id"}]}}; answers those that exist and that the caller may see, as {@code {"items": [...]}}. */
    @POST
    public Map<String, Object> lookup(Lookup lookup) {
        return Map.of(
                "items",
                find.all(visible(lookup)).stream().map(ExecutionJson::of).toList());
    }

    /** As {@link #lookup}, but the ids are those of deployments: answers the newest execution of each that does not wait. */
    @POST
    @Path("/latest")
    public Map<String, Object> latest(Lookup lookup) {
        return Map.of(
                "items",
                find.latest(visible(lookup)).stream().map(ExecutionJson::of).toList());
    }

    /**
     * The newest execution of each deployment that does not wait, of any tenant, where one is active or changed since then:
     * {@code {"items": [...], "now": …, "epoch": …}}. For services only.
     */
    @POST
    @Path("/changed")
    public Map<String, Object> changed(Since question) {
        CallerIdentity identity = caller.identity();
        if (!identity.admin()) {
            throw new ManagerException(
                    ErrorCode.FORBIDDEN,
                    "User `" + identity.username() + "` is not permitted to see the executions of all tenants",
                    null);
        }
        FindExecutions.Changed changed = find.changed(ApiTime.parse(question.since()));
        return Map.of(
                "items",
                changed.latest().stream().map(ExecutionJson::of).toList(),
                "now",
                ApiTime.format(changed.now()),
                "epoch",
                changed.epoch());
    }

    /** A time of the database's clock, as answers have it. */
    public record Since(String since) {}

    private List<Ref> visible(Lookup lookup) {
        return lookup.ids().stream()
                .filter(wanted -> isVisible(wanted.tenant_name()))
                .map(wanted -> new Ref(wanted.tenant_name(), wanted.id()))
                .toList();
    }

    private boolean isVisible(String tenantName) {
        CallerIdentity identity = caller.identity();
        List<String> visible = identity.visibleTenants();
        return identity.admin()
                || tenantName.equals(identity.tenant())
                || (visible != null && visible.contains(tenantName));
    }

    /** What a lookup asks for. */
    public record Lookup(List<Wanted> ids) {

        public Lookup {
            ids = ids == null ? List.of() : List.copyOf(ids);
        }

        /** Field names as on the wire. */
        public record Wanted(String tenant_name, String id) {}
    }
}
