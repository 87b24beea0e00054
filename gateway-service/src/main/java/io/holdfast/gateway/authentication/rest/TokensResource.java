package io.holdfast.gateway.authentication.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.gateway.access.rest.JsonBody;
import io.holdfast.gateway.audit.Changed;
import io.holdfast.gateway.authentication.app.ManageTokens;
import io.holdfast.gateway.authentication.app.Tokens;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import org.jboss.resteasy.reactive.RestPath;

/** Tokens as the manager API has them. Source: cloudify-api section 14. */
@Path("/internal/gateway/tokens")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class TokensResource {

    private final Tokens tokens;
    private final ManageTokens manageTokens;
    private final CurrentCaller current;
    private final CurrentVertxRequest request;
    private final ObjectMapper json;

    public TokensResource(
            Tokens tokens,
            ManageTokens manageTokens,
            CurrentCaller current,
            CurrentVertxRequest request,
            ObjectMapper json) {
        this.tokens = tokens;
        this.manageTokens = manageTokens;
        this.current = current;
        this.request = request;
        this.json = json;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return tokens.list(ListRequest.parse(uri.getQueryParameters()), current.identity())
                .toJson();
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(@RestPath String id, @Context UriInfo uri) {
        return tokens.get(id, ListRequest.parseGet(uri.getQueryParameters()), current.identity())
                .json();
    }

    /** 200, not 201: the API has it so. */
    @POST
    @Consumes(MediaType.WILDCARD)
    public ObjectNode create(InputStream body) {
        JsonBody parameters = JsonBody.parse(json, body);
        ObjectNode token = manageTokens.create(
                current.identity(),
                parameters.textIfGiven("description").orElse(null),
                parameters.text("expiration_date").orElse(null));
        request.getCurrent().put(Changed.KEY, Changed.of(token.path("id").asText()));
        return token;
    }

    @DELETE
    @Path("/{id}")
    public void delete(@RestPath String id) {
        manageTokens.delete(current.identity(), id);
    }
}
