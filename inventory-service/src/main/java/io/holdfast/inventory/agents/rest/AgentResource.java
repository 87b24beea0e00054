package io.holdfast.inventory.agents.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.agents.app.Agents;
import io.holdfast.inventory.agents.app.ChangeAgent;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.inventory.resources.rest.Origin;
import io.holdfast.inventory.resources.rest.Rights;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

@Path("/internal/inventory/agents")
@Blocking
public class AgentResource {

    private final Agents catalogue;
    private final ChangeAgent change;
    private final Directory directory;
    private final CurrentCaller caller;

    public AgentResource(Agents catalogue, ChangeAgent change, Directory directory, CurrentCaller caller) {
        this.catalogue = catalogue;
        this.change = change;
        this.directory = directory;
        this.caller = caller;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return catalogue
                .list(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    @GET
    @Path("/{name}")
    public ObjectNode get(@PathParam("name") String name, @Context UriInfo uri) {
        ResourceId.check("name", name);
        return catalogue
                .get(name, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }

    /** Answers the new agent; where there is one already, an agent whose fields are all null, as the product does. */
    @PUT
    @Path("/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode add(@PathParam("name") String name, @Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        String instance = body.requiredText("node_instance_id");
        String state = body.requiredText("state");
        // Read for its type: accounts on the broker are made by who runs the agents.
        body.boolIfGiven("create_rabbitmq_user", false);
        Visibility visibility = Visibility.of(body.text("visibility"));
        Rights.requireFor(visibility, caller.identity());
        Origin origin = Origin.of(body.text("created_by"), body.text("created_at"), directory, caller.identity());
        boolean added = change.add(
                name,
                new ChangeAgent.Request(
                        instance,
                        state,
                        body.text("ip"),
                        body.text("install_method"),
                        body.text("system"),
                        body.text("version"),
                        body.text("rabbitmq_username"),
                        body.text("rabbitmq_password"),
                        body.text("rabbitmq_exchange"),
                        visibility,
                        origin.createdBy(),
                        origin.createdAt()),
                caller.identity());
        ObjectNode agent = present(name);
        if (!added) {
            List<String> fields = new ArrayList<>();
            agent.fieldNames().forEachRemaining(fields::add);
            fields.forEach(agent::putNull);
        }
        return agent;
    }

    /** What is not in the body stays as it is. */
    @PATCH
    @Path("/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode update(@PathParam("name") String name, @Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        change.update(name, body.text("state"), body.text("system"), body.text("version"), caller.identity());
        return present(name);
    }

    /** {@code bundle}: the new certificates besides the old ones. */
    @PATCH
    @Consumes(MediaType.APPLICATION_JSON)
    public Map<String, Long> replaceCertificates(@Nullable JsonNode json) {
        caller.tenant();
        JsonBody body = JsonBody.of(json);
        body.requiredFlag("bundle");
        body.text("broker_ca_cert");
        body.text("manager_ca_cert");
        return Map.of("number_of_updated_agents", change.replaceCertificates());
    }

    private ObjectNode present(String name) {
        return catalogue
                .get(name, ListRequest.parseGet(Map.of()), caller.identity())
                .json();
    }
}
