package io.holdfast.inventory.updates.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import io.holdfast.http.OptionalBody;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.inventory.resources.rest.Origin;
import io.holdfast.inventory.resources.rest.Rights;
import io.holdfast.inventory.updates.app.DeploymentUpdateRecords;
import io.holdfast.inventory.updates.app.DeploymentUpdates;
import io.holdfast.inventory.updates.app.EndUpdate;
import io.holdfast.inventory.updates.app.ForeseeUpdate;
import io.holdfast.inventory.updates.app.PrepareUpdate;
import io.holdfast.inventory.updates.app.WriteDeploymentUpdates;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/internal/inventory/deployment-updates")
@Blocking
public class DeploymentUpdateResource {

    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private static final String INITIATE = "initiate";
    private static final String FINALIZE = "finalize";

    private static final long PREVIEW_NANOS = Duration.ofSeconds(10).toNanos();
    private static final Duration PREVIEW_LOOK = Duration.ofMillis(100);

    /** Flags of the update workflow, and what they are where a request does not say. */
    private static final Map<String, Boolean> FLAGS = flags();

    private final DeploymentUpdates catalogue;
    private final WriteDeploymentUpdates write;
    private final PrepareUpdate prepare;
    private final EndUpdate end;
    private final ForeseeUpdate foresee;
    private final Directory directory;
    private final CurrentCaller caller;
    private final ObjectMapper mapper;

    public DeploymentUpdateResource(
            DeploymentUpdates catalogue,
            WriteDeploymentUpdates write,
            PrepareUpdate prepare,
            EndUpdate end,
            ForeseeUpdate foresee,
            Directory directory,
            CurrentCaller caller,
            ObjectMapper mapper) {
        this.catalogue = catalogue;
        this.write = write;
        this.prepare = prepare;
        this.end = end;
        this.foresee = foresee;
        this.directory = directory;
        this.caller = caller;
        this.mapper = mapper;
    }

    private static Map<String, Boolean> flags() {
        Map<String, Boolean> flags = new LinkedHashMap<>();
        flags.put("preview", false);
        flags.put("reevaluate_active_statuses", false);
        flags.put("auto_correct_types", false);
        flags.put("update_plugins", true);
        flags.put("install_first", false);
        flags.put("ignore_failure", false);
        flags.put("skip_reinstall", false);
        flags.put("skip_install", false);
        flags.put("skip_uninstall", false);
        flags.put("skip_drift_check", false);
        flags.put("force_reinstall", false);
        flags.put("skip_heal", false);
        return flags;
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

    /** {@code initiate} with a deployment's id begins an update; {@code finalize} with an update's does nothing but show it. */
    @POST
    @Path("/{id}/update/{phase}")
    @OptionalBody
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<ObjectNode> update(
            @PathParam("id") String id,
            @PathParam("phase") String phase,
            @RestQuery("blueprint_archive_url") @Nullable String archive,
            @Nullable JsonNode json) {
        caller.tenant();
        if (archive != null) {
            throw noArchive(ErrorCode.BAD_PARAMETERS);
        }
        return switch (phase) {
            case INITIATE -> initiate(id, JsonBody.of(json));
            case FINALIZE -> Uni.createFrom().item(present(id));
            default ->
                throw new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "the phase of an update is `" + phase + "`, expected " + INITIATE + " or " + FINALIZE,
                        null);
        };
    }

    /** The oldest way of {@code initiate}, which had the blueprint in it: neither the existing product nor we have it any more. */
    @POST
    @Path("/{id}/update/{phase}")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public void updateFromArchive(@PathParam("id") String id, @PathParam("phase") String phase, InputStream form) {
        throw noArchive(ErrorCode.UNSUPPORTED_CONTENT_TYPE);
    }

    private static ManagerException noArchive(ErrorCode code) {
        return new ManagerException(
                code,
                "an update of a deployment does not take the archive of a blueprint",
                "upload the blueprint first (PUT /blueprints/ID), and update the deployment with its id as `blueprint_id`");
    }

    /** The older way of {@code initiate}. */
    @PUT
    @Path("/{id}/update/{phase}")
    @OptionalBody
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<ObjectNode> updateAsBefore(
            @PathParam("id") String id, @PathParam("phase") String phase, @Nullable JsonNode json) {
        return update(id, phase, null, json);
    }

    private Uni<ObjectNode> initiate(String deployment, JsonBody body) {
        boolean preview = body.flagIfGiven("preview", false);
        CallerIdentity who = caller.identity();
        String id = write.initiate(beginning(deployment, body), who);
        return preview
                ? presentPrepared(id, who, System.nanoTime())
                : Uni.createFrom().item(present(id, who));
    }

    private WriteDeploymentUpdates.Beginning beginning(String deployment, JsonBody body) {
        boolean force = body.flagIfGiven("force", false);
        requireType(body, "inputs", JsonNode::isObject, "dict");
        requireType(body, "reinstall_list", JsonNode::isArray, "list");
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        FLAGS.forEach((name, otherwise) -> options.put(name, body.flagIfGiven(name, otherwise)));
        options.put("workflow_id", body.text("workflow_id"));
        List<String> again = body.texts("reinstall_list");
        options.put("reinstall_list", again == null ? List.of() : again);
        Map<String, @Nullable Object> inputs = object(body, "inputs");
        return new WriteDeploymentUpdates.Beginning(
                deployment,
                body.text("blueprint_id"),
                inputs == null ? Map.of() : inputs,
                flagOrNull(body, "runtime_only_evaluation"),
                force,
                options);
    }

    /** For services: as {@code initiate}, under an id of the caller's, which asks once more if it does not know whether it was heard. */
    @PUT
    @Path("/{id}/start")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode start(@PathParam("id") String id, @Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        write.initiate(id, beginning(body.requiredText("deployment_id"), body), caller.identity());
        return present(id);
    }

    /**
     * {@code cfy} shows a preview as this answer has it, and asks no more. One that takes longer is answered as it is by then. No thread is
     * held while it waits.
     *
     * @param start when it began to wait, in nanoseconds
     */
    private Uni<ObjectNode> presentPrepared(String id, CallerIdentity who, long start) {
        ObjectNode update = present(id, who);
        if (!update.path("state").asText().equals(WriteDeploymentUpdates.UPDATING)) {
            return Uni.createFrom().item(withForeseen(id, update, who));
        }
        if (System.nanoTime() - start >= PREVIEW_NANOS) {
            return Uni.createFrom().item(update);
        }
        return Uni.createFrom()
                .item(id)
                .onItem()
                .delayIt()
                .by(PREVIEW_LOOK)
                .emitOn(Infrastructure.getDefaultExecutor())
                .chain(it -> presentPrepared(it, who, start));
    }

    /** This answer alone has it. */
    private ObjectNode withForeseen(String id, ObjectNode update, CallerIdentity who) {
        ForeseeUpdate.Foreseen foreseen = foresee.of(id, who);
        update.set("schedules_to_create", mapper.valueToTree(foreseen.newSchedules()));
        update.set("schedules_to_delete", mapper.valueToTree(foreseen.replacedSchedules()));
        update.set("recursive_dependencies", mapper.valueToTree(foreseen.dependents()));
        ArrayNode labels = update.putArray("labels_to_create");
        foreseen.newLabels()
                .forEach(label -> labels.addObject().put("key", label.key()).put("value", label.value()));
        return update;
    }

    /** The beginning of an update words this in its own way. */
    private static void requireType(JsonBody body, String name, Predicate<JsonNode> type, String called) {
        JsonNode value = body.fields().get(name);
        if (value != null && !type.test(value)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS, "parameter `" + name + "` must be of type `" + called + "`", null);
        }
    }

    @PUT
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode put(@PathParam("id") String id, @Nullable JsonNode json) {
        caller.tenant();
        ResourceId.checkCharacters("update_id", id);
        JsonBody body = JsonBody.of(json);
        String deployment = body.requiredText("deployment_id");
        String execution = write.executionOf(body.text("execution_id"), caller.identity());
        Origin origin = Origin.of(body.text("created_by"), body.text("created_at"), directory, caller.identity());
        write.put(
                id,
                deployment,
                execution,
                content(body, "blueprint_id", "inputs"),
                origin.createdBy(),
                origin.createdAt(),
                caller.identity());
        return present(id);
    }

    /** Updates as they were, as answers show them. Either all of them come in, or none. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response carryOver(@Nullable JsonNode json) {
        caller.tenant();
        List<JsonBody> items = JsonBody.of(json).requiredObjects("deployment_updates");
        if (items.isEmpty()) {
            return Response.noContent().build();
        }
        UnaryOperator<@Nullable String> owners = Origin.owners(directory, caller.identity());
        write.carryOver(items.stream().map(item -> carriedOver(item, owners)).toList(), caller.identity());
        return Response.status(Response.Status.CREATED)
                .entity(NullNode.getInstance())
                .build();
    }

    private WriteDeploymentUpdates.CarriedOver carriedOver(JsonBody item, UnaryOperator<@Nullable String> owners) {
        String id = item.requiredText("id");
        ResourceId.checkCharacters("update_id", id);
        return new WriteDeploymentUpdates.CarriedOver(
                id,
                item.requiredText("deployment_id"),
                item.text("tenant_name"),
                content(item, "new_blueprint_id", "new_inputs"),
                owners.apply(item.has("creator") ? item.text("creator") : item.text("created_by")),
                Origin.of(null, item.text("created_at"), directory, caller.identity())
                        .createdAt());
    }

    /** What requests and answers call alike, but for the new blueprint and its inputs. */
    private DeploymentUpdateRecords.Content content(JsonBody body, String newBlueprint, String newInputs) {
        return new DeploymentUpdateRecords.Content(
                body.text("state"),
                body.text("execution_id"),
                body.text("old_blueprint_id"),
                body.text(newBlueprint),
                object(body, "old_inputs"),
                object(body, newInputs),
                value(body, "deployment_plan"),
                value(body, "deployment_update_nodes"),
                value(body, "deployment_update_node_instances"),
                value(body, "modified_entity_ids"),
                value(body, "central_plugins_to_install"),
                value(body, "central_plugins_to_uninstall"),
                steps(body),
                flagOrNull(body, "runtime_only_evaluation"),
                visibility(body),
                flagOrNull(body, "keep_old_deployment_dependencies"));
    }

    private @Nullable String visibility(JsonBody body) {
        String text = body.text("visibility");
        if (text == null) {
            return null;
        }
        Visibility visibility = Visibility.of(text);
        Rights.requireFor(visibility, caller.identity());
        return visibility.wireName();
    }

    private static @Nullable Boolean flagOrNull(JsonBody body, String name) {
        return body.has(name) ? body.flag(name, false) : null;
    }

    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode patch(@PathParam("id") String id, @Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        write.change(
                id,
                DeploymentUpdateRecords.Content.ofReport(
                        body.text("state"),
                        object(body, "plan"),
                        value(body, "nodes"),
                        value(body, "node_instances"),
                        steps(body)),
                caller.identity());
        return present(id);
    }

    /** For services: an execution that runs already is to carry out an update, which begins with it. */
    @PUT
    @Path("/{id}/begin")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode begin(@PathParam("id") String id, @Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        Map<String, @Nullable Object> inputs = object(body, "inputs");
        write.begin(
                id,
                body.requiredText("deployment_id"),
                body.requiredText("execution_id"),
                body.text("blueprint_id"),
                inputs == null ? Map.of() : inputs,
                flagOrNull(body, "runtime_only_evaluation"),
                body.flag("force", false),
                caller.identity());
        return present(id);
    }

    /** For services: works out what an update consists of and, unless it is a preview, begins to change the deployment. */
    @POST
    @Path("/{id}/prepare")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode prepare(@PathParam("id") String id, @Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        Map<String, @Nullable Object> inputs = object(body, "inputs");
        prepare.prepare(
                id,
                new PrepareUpdate.Request(
                        body.requiredText("deployment_id"),
                        body.requiredText("execution_id"),
                        inputs == null ? Map.of() : inputs,
                        body.flag("preview", false),
                        body.flag("auto_correct_types", false)),
                caller.identity());
        return present(id);
    }

    /** For services: the deployment becomes what the prepared update says. Answers what could not be done about its schedules. */
    @POST
    @Path("/{id}/finish")
    @Consumes(MediaType.APPLICATION_JSON)
    public Map<String, List<String>> finish(@PathParam("id") String id) {
        caller.tenant();
        return Map.of("refused", end.finish(id, caller.identity()));
    }

    /** For services: the deployment becomes what it was before the update was prepared. */
    @POST
    @Path("/{id}/give-up")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode giveUp(@PathParam("id") String id) {
        caller.tenant();
        end.giveUp(id, caller.identity());
        return present(id);
    }

    private @Nullable List<Map<String, @Nullable Object>> steps(JsonBody body) {
        if (!body.has("steps")) {
            return null;
        }
        List<Map<String, @Nullable Object>> steps = new ArrayList<>();
        for (JsonBody step : body.requiredObjects("steps")) {
            steps.add(mapper.convertValue(step.fields(), OBJECT));
        }
        return steps;
    }

    private @Nullable Map<String, @Nullable Object> object(JsonBody body, String name) {
        ObjectNode object = body.object(name);
        return object == null ? null : mapper.convertValue(object, OBJECT);
    }

    private static @Nullable Object value(JsonBody body, String name) {
        return body.has(name) ? body.fields().get(name) : null;
    }

    private ObjectNode present(String id) {
        return present(id, caller.identity());
    }

    private ObjectNode present(String id, CallerIdentity who) {
        return catalogue.get(id, ListRequest.parseGet(Map.of()), who).json();
    }
}
