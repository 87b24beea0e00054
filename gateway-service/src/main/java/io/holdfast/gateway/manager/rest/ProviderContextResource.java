package io.holdfast.gateway.manager.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.rest.JsonBody;
import io.holdfast.gateway.manager.KeptContext;
import io.holdfast.gateway.manager.KeptContext.Kept;
import io.holdfast.gateway.manager.app.Settings;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.time.Clock;
import java.util.Optional;

/**
 * The provider context: what a manager's installer wrote down for clients, which read their settings of workflows there. Each manager has
 * one from the start, made of its settings; one that a client puts in its place is shown as it is, whatever the settings say.
 */
@Path("/internal/gateway/provider/context")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class ProviderContextResource {

    private final KeptContext kept;
    private final Settings settings;
    private final CurrentCaller caller;
    private final ObjectMapper json;
    private final Clock clock;

    public ProviderContextResource(
            KeptContext kept, Settings settings, CurrentCaller caller, ObjectMapper json, Clock clock) {
        this.kept = kept;
        this.settings = settings;
        this.caller = caller;
        this.json = json;
        this.clock = clock;
    }

    @GET
    public ObjectNode get(@Context UriInfo uri) {
        Optional<Kept> changed = kept.find();
        ObjectNode answer = json.createObjectNode()
                .put("id", "CONTEXT")
                .put("name", changed.map(Kept::name).orElse("provider"));
        answer.set("context", changed.map(this::context).orElseGet(this::ofSettings));
        return ListRequest.parseGet(uri.getQueryParameters()).only(answer);
    }

    private JsonNode context(Kept changed) {
        try {
            return json.readTree(changed.context());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the kept provider context is no JSON", e);
        }
    }

    private JsonNode ofSettings() {
        ObjectNode context = json.createObjectNode();
        ObjectNode workflows = context.putObject("cloudify").putObject("workflows");
        settings.all().stream()
                .filter(setting -> setting.scope().equals(Settings.WORKFLOW))
                .forEach(setting -> workflows.set(setting.name(), json.valueToTree(setting.value())));
        return context;
    }

    /** Makes one, which there is already, or with {@code update=true} puts another in its place. */
    @POST
    @Consumes(MediaType.WILDCARD)
    public ObjectNode put(InputStream body, @Context UriInfo uri) {
        JsonBody parameters = JsonBody.parse(json, body);
        String name = parameters.requiredText("name");
        ObjectNode context = parameters.requiredObject("context");
        if (!ListRequest.flag(uri.getQueryParameters(), "update", false)) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "The provider context exists already",
                    "`update=true` puts this one in its place; `GET /api/v3.1/provider/context` shows it");
        }
        kept.keep(new Kept(name, context.toString()), caller.identity().username(), clock.instant());
        return json.createObjectNode().put("status", "ok");
    }
}
