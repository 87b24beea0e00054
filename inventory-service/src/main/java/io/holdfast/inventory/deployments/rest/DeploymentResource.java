package io.holdfast.inventory.deployments.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.deployments.app.CarryOverDeployment;
import io.holdfast.inventory.deployments.app.ChangeDeployment;
import io.holdfast.inventory.deployments.app.CreateDeployment;
import io.holdfast.inventory.deployments.app.Dependent;
import io.holdfast.inventory.deployments.app.DeploymentRecords;
import io.holdfast.inventory.deployments.app.Deployments;
import io.holdfast.inventory.deployments.app.EvaluateFunctions;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.labels.rest.LabelsInBody;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.inventory.resources.rest.Origin;
import io.holdfast.inventory.resources.rest.Rights;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Path("/internal/inventory/deployments")
@Blocking
public class DeploymentResource {

    private static final String LABELS = "labels";
    private static final String DISPLAY_NAME = "display_name";
    private static final String BLUEPRINT = "blueprint_id";
    private static final String LATE = "runtime_only_evaluation";
    private static final String DESCRIPTION = "description";

    /** What a request may set besides {@link DeploymentRecords#OBJECTS}, which are objects all of them. */
    private static final Set<String> MADE = Set.of(BLUEPRINT, DESCRIPTION, LATE, DeploymentRecords.WORKFLOWS);

    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private final Deployments deployments;
    private final CreateDeployment create;
    private final CarryOverDeployment carryOver;
    private final ChangeDeployment change;
    private final EvaluateFunctions evaluate;
    private final Directory directory;
    private final CurrentCaller caller;
    private final ObjectMapper mapper;

    public DeploymentResource(
            Deployments deployments,
            CreateDeployment create,
            CarryOverDeployment carryOver,
            ChangeDeployment change,
            EvaluateFunctions evaluate,
            Directory directory,
            CurrentCaller caller,
            ObjectMapper mapper) {
        this.deployments = deployments;
        this.create = create;
        this.carryOver = carryOver;
        this.change = change;
        this.evaluate = evaluate;
        this.directory = directory;
        this.caller = caller;
        this.mapper = mapper;
    }

    @PUT
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@PathParam("id") String id, @Context UriInfo uri, @Nullable JsonNode json) {
        caller.tenant();
        ResourceId.checkCharacters("deployment_id", id);
        JsonBody body = JsonBody.of(json);
        String blueprint = body.requiredText("blueprint_id");
        ObjectNode inputs = body.objectIfGiven("inputs");
        String visibility = body.textIfGiven("visibility");
        Origin origin = Origin.of(body.text("created_by"), body.text("created_at"), directory, caller.identity());
        boolean isPrivate = ListRequest.flag(uri.getQueryParameters(), "private_resource", false);
        if (visibility != null && uri.getQueryParameters().containsKey("private_resource")) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "The `private_resource` and `visibility` parameters cannot be used together",
                    null);
        }
        if (isPrivate) {
            visibility = Visibility.PRIVATE.wireName();
        }
        Visibility wanted = visibility == null ? null : Visibility.of(visibility);
        Rights.requireFor(wanted, caller.identity());
        String workDirectory = body.text("workdir_zip");
        CreateDeployment.Request request = new CreateDeployment.Request(
                id,
                blueprint,
                inputs == null ? Map.of() : mapper.convertValue(inputs, OBJECT),
                wanted,
                siteName(body),
                body.textIfGiven(DISPLAY_NAME),
                body.boolIfGiven(LATE, false),
                body.boolIfGiven("skip_plugins_validation", false),
                workDirectory == null ? LabelsInBody.of(body.fields().get(LABELS)) : List.of(),
                origin.createdBy(),
                origin.createdAt());
        if (workDirectory == null) {
            create.create(
                    request, !ListRequest.flag(uri.getQueryParameters(), "async_create", false), caller.identity());
        } else {
            carryOver(request, body, workDirectory);
        }
        return Response.status(Response.Status.CREATED).entity(present(id)).build();
    }

    private void carryOver(CreateDeployment.Request request, JsonBody body, String workDirectory) {
        Map<String, @Nullable Object> made = new LinkedHashMap<>();
        DeploymentRecords.OBJECTS.forEach(name -> made.put(name, body.object(name)));
        made.put(DESCRIPTION, body.text(DESCRIPTION));
        if (body.has(DeploymentRecords.WORKFLOWS)) {
            made.put(DeploymentRecords.WORKFLOWS, workflows(body.fields().get(DeploymentRecords.WORKFLOWS)));
        }
        // What is below the deployment is found by its labels, whatever these say.
        for (String status : List.of("sub_services_status", "sub_environments_status")) {
            body.text(status);
        }
        for (String count : List.of("sub_services_count", "sub_environments_count")) {
            if (body.has(count)) {
                body.requiredInteger(count);
            }
        }
        try (WorkDirectoryInBody sent = WorkDirectoryInBody.of(workDirectory)) {
            carryOver.carryOver(
                    request,
                    new CarryOverDeployment.Parts(
                            made,
                            body.text("installation_status"),
                            body.text("deployment_status"),
                            LabelsInBody.carried(body.fields().get(LABELS), directory, caller.identity()),
                            sent.path()),
                    caller.identity());
        }
    }

    private static @Nullable String siteName(JsonBody body) {
        String name = body.textIfGiven("site_name");
        return name == null ? null : ResourceId.check("site_name", name);
    }

    private ObjectNode present(String id) {
        return deployments
                .get(id, ListRequest.parseGet(Map.of()), caller.identity())
                .json();
    }

    @PATCH
    @Path("/{id}")
    public ObjectNode patch(@PathParam("id") String id, @Nullable JsonNode json) {
        JsonBody body = JsonBody.of(json);
        if (body.fields().isEmpty()) {
            throw new ManagerException(
                    ErrorCode.ILLEGAL_ACTION,
                    "Update a deployment request must include at least one parameter to update",
                    null);
        }
        Origin origin = Origin.of(body.text("creator"), body.text("created_at"), directory, caller.identity());
        Map<String, @Nullable Object> made = new LinkedHashMap<>();
        // What a deployment does not have is ignored, as the API does.
        body.fields().fieldNames().forEachRemaining(name -> {
            if (MADE.contains(name) || DeploymentRecords.OBJECTS.contains(name)) {
                made.put(name, madeByBlueprint(body, name));
            }
        });
        change.change(
                id,
                body.text(DISPLAY_NAME),
                body.fields().has(LABELS) ? LabelsInBody.of(body.fields().get(LABELS)) : null,
                made,
                origin.createdBy(),
                origin.createdAt(),
                caller.identity());
        return present(id);
    }

    private @Nullable Object madeByBlueprint(JsonBody body, String name) {
        if (DeploymentRecords.OBJECTS.contains(name)) {
            return body.object(name);
        }
        return switch (name) {
            case BLUEPRINT -> body.requiredText(name);
            case DESCRIPTION -> body.text(name);
            case LATE -> body.flag(name, false);
            default -> workflows(body.fields().path(name));
        };
    }

    /** A list as deployments show it, or an object by the workflows' names. */
    private JsonNode workflows(JsonNode given) {
        if (given.isArray()) {
            return given;
        }
        if (!given.isObject()) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    DeploymentRecords.WORKFLOWS + " are " + given.getNodeType() + ", expected an object",
                    null);
        }
        ArrayNode list = mapper.createArrayNode();
        given.properties().forEach(workflow -> {
            ObjectNode one = list.addObject().put("name", workflow.getKey());
            JsonNode details = workflow.getValue();
            one.set("plugin", details.path("plugin"));
            one.set("operation", details.path("operation"));
            one.set(
                    "parameters",
                    details.path("parameters").isObject() ? details.get("parameters") : mapper.createObjectNode());
            one.put("is_cascading", details.path("is_cascading").asBoolean(false));
            one.put("is_available", true);
            one.set(
                    "availability_rules",
                    details.path("availability_rules").isObject() ? details.get("availability_rules") : null);
        });
        return list;
    }

    @PATCH
    @Path("/{id}/set-visibility")
    public ObjectNode setVisibility(@PathParam("id") String id, @Nullable JsonNode json) {
        Visibility visibility = Visibility.ofChange(JsonBody.of(json).requiredText("visibility"));
        Rights.requireFor(visibility, caller.identity());
        change.visibility(id, visibility, caller.identity());
        return present(id);
    }

    @POST
    @Path("/{id}/set-site")
    public ObjectNode setSite(@PathParam("id") String id, @Nullable JsonNode json) {
        JsonBody body = JsonBody.of(json);
        change.site(id, siteName(body), body.flag("detach_site", false), caller.identity());
        return present(id);
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id, @Context UriInfo uri) {
        change.remove(
                id,
                new ChangeDeployment.Removal(
                        ListRequest.flag(uri.getQueryParameters(), "force", false),
                        ListRequest.flag(uri.getQueryParameters(), "delete_logs", false),
                        ListRequest.flag(uri.getQueryParameters(), "recursive", false)),
                caller.identity());
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return deployments
                .list(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    /** {@code availability=false} is for services: workflows without {@code is_available}. */
    @GET
    @Path("/{id}")
    public ObjectNode get(@PathParam("id") String id, @Context UriInfo uri) {
        Deployments.Extent extent = new Deployments.Extent(
                ListRequest.flag(uri.getQueryParameters(), "include_workdir", false),
                ListRequest.flag(uri.getQueryParameters(), "all_sub_deployments", true),
                ListRequest.flag(uri.getQueryParameters(), "availability", true));
        return deployments
                .get(id, ListRequest.parseGet(uri.getQueryParameters()), extent, caller.identity())
                .json();
    }

    /**
     * For services: what the deployment's removal or an {@code uninstall} of it would disturb, as refusals tell it.
     *
     * @param services false: without those that are below it by their labels
     */
    @GET
    @Path("/{id}/dependents")
    public Map<String, String> dependents(
            @PathParam("id") String id,
            @QueryParam("except") List<String> except,
            @QueryParam("services") @DefaultValue("true") boolean services) {
        return Map.of("dependents", Dependent.list(change.dependents(id, except, services, caller.identity())));
    }

    /** For services: {@code {"ids": […]}}; answers the deployments of the components of each of these that has any. */
    @POST
    @Path("/components")
    public Map<String, Map<String, List<String>>> components(@Nullable JsonNode json) {
        List<String> ids = JsonBody.of(json).texts("ids");
        return Map.of("components", change.components(caller.tenant(), ids == null ? List.of() : ids));
    }

    /** For services: which execution made the deployment, {@code {"id": …}}. */
    @PUT
    @Path("/{id}/create-execution")
    public void madeBy(@PathParam("id") String id, @Nullable JsonNode json) {
        change.madeBy(id, JsonBody.of(json).requiredText("id"), caller.identity());
    }

    @GET
    @Path("/{id}/outputs")
    public ObjectNode outputs(@PathParam("id") String id, @Context UriInfo uri) {
        return part(id, "outputs", evaluate.outputs(id, caller.identity()), uri);
    }

    @GET
    @Path("/{id}/capabilities")
    public ObjectNode capabilities(@PathParam("id") String id, @Context UriInfo uri) {
        return part(id, "capabilities", evaluate.capabilities(id, caller.identity()), uri);
    }

    private ObjectNode part(String id, String name, Map<String, @Nullable Object> values, UriInfo uri) {
        ObjectNode answer = mapper.createObjectNode().put("deployment_id", id);
        answer.set(name, mapper.valueToTree(values));
        return ListRequest.parseGet(uri.getQueryParameters()).only(answer);
    }
}
