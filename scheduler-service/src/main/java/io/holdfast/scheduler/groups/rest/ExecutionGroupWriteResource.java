package io.holdfast.scheduler.groups.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CurrentCaller;
import io.holdfast.http.Made;
import io.holdfast.listing.ListRequest;
import io.holdfast.scheduler.Rights;
import io.holdfast.scheduler.SentFields;
import io.holdfast.scheduler.SentTime;
import io.holdfast.scheduler.WaitAfterFail;
import io.holdfast.scheduler.directory.app.Directory;
import io.holdfast.scheduler.executions.Action;
import io.holdfast.scheduler.groups.app.ChangeGroup;
import io.holdfast.scheduler.groups.app.FollowGroup;
import io.holdfast.scheduler.groups.app.StartGroup;
import io.holdfast.scheduler.reading.app.ExecutionGroupCatalogue;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /execution-groups}, {@code POST} and {@code PATCH /execution-groups/{id}} of the manager API. */
@Path("/internal/scheduler/execution-groups")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
public class ExecutionGroupWriteResource {

    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};
    private static final String CONCURRENCY = "concurrency";
    private static final String SUCCESS = "success_group_id";
    private static final String FAILURE = "failure_group_id";
    private static final int DEFAULT_CONCURRENCY = 5;

    private static final List<Action> ACTIONS =
            List.of(Action.CANCEL, Action.FORCE_CANCEL, Action.KILL, Action.RESUME, Action.FORCE_RESUME);

    private final StartGroup start;
    private final ChangeGroup change;
    private final FollowGroup follow;
    private final ExecutionGroupCatalogue catalogue;
    private final Directory directory;
    private final CurrentCaller caller;
    private final ObjectMapper mapper;

    ExecutionGroupWriteResource(
            StartGroup start,
            ChangeGroup change,
            FollowGroup follow,
            ExecutionGroupCatalogue catalogue,
            Directory directory,
            CurrentCaller caller,
            ObjectMapper mapper) {
        this.start = start;
        this.change = change;
        this.follow = follow;
        this.catalogue = catalogue;
        this.directory = directory;
        this.caller = caller;
        this.mapper = mapper;
    }

    @POST
    public Response start(@Nullable JsonNode json) {
        caller.tenant();
        SentFields body = SentFields.of(json);
        String group = body.required("deployment_group_id");
        String workflow = body.required("workflow_id");
        requireRights(body);
        Map<String, Map<String, Object>> parameters = new LinkedHashMap<>();
        SentFields given = new SentFields(body.dict("parameters"));
        given.body().fieldNames().forEachRemaining(name -> parameters.put(name, parameters(given, name)));
        String createdAt = body.text("created_at");
        String id = start.start(
                new StartGroup.Request(
                        group,
                        workflow,
                        parameters(body, "default_parameters"),
                        parameters,
                        body.flag("force"),
                        WaitAfterFail.of(body.any(WaitAfterFail.FIELD)),
                        body.has(CONCURRENCY) ? concurrency(body) : DEFAULT_CONCURRENCY,
                        body.texts("associated_executions"),
                        body.text("id"),
                        body.text("created_by"),
                        createdAt == null ? null : SentTime.parse("created_at", createdAt)),
                caller.identity());
        return Response.ok(present(id)).header(Made.HEADER, id).build();
    }

    /** For what only a tool that rebuilds a manager sets. */
    private void requireRights(SentFields body) {
        if (body.has("created_at")) {
            Rights.require(Rights.SET_TIMESTAMP, caller.identity());
        }
        directory.requireOwner(body.text("created_by"), caller.identity());
        if (body.has("id") || body.has("associated_executions")) {
            Rights.require(Rights.SET_EXECUTION_GROUP_DETAILS, caller.identity());
        }
    }

    @POST
    @Path("/{id}")
    public ObjectNode act(@PathParam("id") String id, @Nullable JsonNode json) {
        String name = SentFields.of(json).required("action");
        if (ACTIONS.stream().noneMatch(action -> action.wireName().equals(name))) {
            throw SentFields.bad("Invalid action: " + name
                    + ", Valid action values are: ['cancel', 'force-cancel', 'kill', 'resume'," + " 'force-resume']");
        }
        change.actAs(caller.identity(), caller.tenant(), id, Action.of(name));
        return present(id);
    }

    @PATCH
    @Path("/{id}")
    public ObjectNode patch(@PathParam("id") String id, @Nullable JsonNode json) {
        SentFields body = SentFields.of(json);
        boolean joining = body.has(SUCCESS) || body.has(FAILURE);
        if (body.has(CONCURRENCY)) {
            change.concurrency(caller.tenant(), id, concurrency(body));
        }
        if (joining) {
            String success = body.text(SUCCESS);
            String failure = body.text(FAILURE);
            change.outcomes(
                    caller.tenant(),
                    id,
                    before -> new FollowGroup.Outcomes(
                            body.has(SUCCESS) ? success : before.success(),
                            body.has(FAILURE) ? failure : before.failure()),
                    caller.identity());
            // Once the groups are known to whatever ends from now on.
            follow.joinEnded(caller.tenant(), id, new FollowGroup.Outcomes(success, failure));
        }
        return present(id);
    }

    private ObjectNode present(String id) {
        return catalogue
                .get(id, ListRequest.parseGet(Map.of()), caller.identity())
                .json();
    }

    private static int concurrency(SentFields body) {
        JsonNode value = body.body().path(CONCURRENCY);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw SentFields.bad(CONCURRENCY + " is " + value.asText() + ", expected a whole number");
        }
        return value.asInt();
    }

    private Map<String, Object> parameters(SentFields body, String name) {
        JsonNode value = body.dict(name);
        return value.isObject() ? mapper.convertValue(value, OBJECT) : Map.of();
    }
}
