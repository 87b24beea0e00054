package io.holdfast.inventory.groups.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.deployments.app.ChangeDeployment;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.filters.FilterRules;
import io.holdfast.inventory.filters.Filtered;
import io.holdfast.inventory.groups.app.ChangeDeploymentGroup;
import io.holdfast.inventory.groups.app.ChangeDeploymentGroup.Attributes;
import io.holdfast.inventory.groups.app.ChangeDeploymentGroup.NewDeployment;
import io.holdfast.inventory.groups.app.ChangeDeploymentGroup.Selection;
import io.holdfast.inventory.groups.app.DeploymentGroups;
import io.holdfast.inventory.labels.rest.LabelsInBody;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.inventory.resources.rest.Origin;
import io.holdfast.inventory.resources.rest.Rights;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@Path("/internal/inventory/deployment-groups")
@Blocking
public class DeploymentGroupResource {

    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private final DeploymentGroups catalogue;
    private final ChangeDeploymentGroup change;
    private final Directory directory;
    private final CurrentCaller caller;
    private final ObjectMapper mapper;

    public DeploymentGroupResource(
            DeploymentGroups catalogue,
            ChangeDeploymentGroup change,
            Directory directory,
            CurrentCaller caller,
            ObjectMapper mapper) {
        this.catalogue = catalogue;
        this.change = change;
        this.directory = directory;
        this.caller = caller;
        this.mapper = mapper;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return catalogue
                .list(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(@PathParam("id") String id, @Context UriInfo uri) {
        return catalogue
                .get(id, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }

    @PUT
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode put(@PathParam("id") String id, @Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        change.put(id, attributes(body), selection(body), newDeployments(body), caller.identity());
        return present(id);
    }

    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode patch(@PathParam("id") String id, @Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        JsonBody added = JsonBody.of(body.object("add"));
        JsonBody removed = JsonBody.of(body.object("remove"));
        change.patch(
                id, attributes(body), selection(added), selection(removed), newDeployments(added), caller.identity());
        return present(id);
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id, @Context UriInfo uri) {
        caller.tenant();
        change.remove(
                id,
                ListRequest.flag(uri.getQueryParameters(), "delete_deployments", false),
                new ChangeDeployment.Removal(
                        ListRequest.flag(uri.getQueryParameters(), "force", false),
                        ListRequest.flag(uri.getQueryParameters(), "with_logs", false)
                                || ListRequest.flag(uri.getQueryParameters(), "delete_logs", false),
                        ListRequest.flag(uri.getQueryParameters(), "recursive", false)),
                caller.identity());
    }

    private ObjectNode present(String id) {
        return catalogue
                .get(id, ListRequest.parseGet(Map.of()), caller.identity())
                .json();
    }

    private Attributes attributes(JsonBody body) {
        String visibility = body.text("visibility");
        Visibility wanted = visibility == null ? null : Visibility.of(visibility);
        Rights.requireFor(wanted, caller.identity());
        String createdBy = body.text("created_by");
        Origin origin = Origin.of(
                createdBy == null ? body.text("creator") : createdBy,
                body.text("created_at"),
                directory,
                caller.identity());
        return new Attributes(
                body.text("description"),
                body.text("blueprint_id"),
                body.has("default_inputs") ? inputs(body, "default_inputs") : null,
                wanted,
                body.has("labels") ? LabelsInBody.of(body.fields().get("labels")) : null,
                origin.createdBy(),
                origin.createdAt(),
                body.has("creation_counter") ? body.requiredInteger("creation_counter") : null);
    }

    private Selection selection(JsonBody body) {
        JsonNode rules = body.list("filter_rules");
        return new Selection(
                body.texts("deployment_ids"),
                body.text("filter_id"),
                rules == null
                        ? List.of()
                        : FilterRules.of(mapper.convertValue(rules, List.class), Filtered.DEPLOYMENTS),
                body.text("deployments_from_group"));
    }

    private List<NewDeployment> newDeployments(JsonBody body) {
        return body.objects("new_deployments").stream()
                .map(wanted -> new NewDeployment(
                        wanted.text("id"),
                        inputs(wanted, "inputs"),
                        LabelsInBody.of(wanted.fields().get("labels")),
                        wanted.text("display_name"),
                        wanted.text("site_name"),
                        wanted.flag("runtime_only_evaluation", false),
                        wanted.flag("skip_plugins_validation", false)))
                .toList();
    }

    private Map<String, @Nullable Object> inputs(JsonBody body, String name) {
        ObjectNode inputs = body.object(name);
        return inputs == null ? Map.of() : mapper.convertValue(inputs, OBJECT);
    }
}
