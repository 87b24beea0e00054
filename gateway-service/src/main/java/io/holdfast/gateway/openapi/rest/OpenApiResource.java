package io.holdfast.gateway.openapi.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.gateway.openapi.Bodies;
import io.holdfast.gateway.openapi.OpenApiDocument;
import io.holdfast.gateway.openapi.OwnOperation;
import io.holdfast.gateway.routing.RouteTable;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What can be asked, for programs. Needs no credentials: no secrets in it. */
@Path("/internal/gateway")
@Produces(MediaType.APPLICATION_JSON)
public class OpenApiResource {

    private static final String FOLDER = "/io/holdfast/gateway/openapi/";

    private final Bodies bodies = bodies();
    private final Map<String, Object> managerApi =
            OpenApiDocument.ofManagerApi(RouteTable.shipped().routes(), bodies);
    private final Map<String, Object> ownApi =
            OpenApiDocument.ofOwnApi(OwnOperation.read(lines("operations.txt")), RouteTable.holdfastRoutes(), bodies);

    /** What requests and answers hold. */
    public static Bodies bodies() {
        return Bodies.read(lines("bodies.txt"), schemas());
    }

    private static List<String> lines(String name) {
        try (InputStream in = open(name);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    private static Map<String, Object> schemas() {
        try (InputStream in = open("schemas.json")) {
            return new ObjectMapper().readValue(in, new TypeReference<Map<String, Object>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read schemas.json", e);
        }
    }

    private static InputStream open(String name) {
        return Objects.requireNonNull(OpenApiResource.class.getResourceAsStream(FOLDER + name), name);
    }

    @GET
    @Path("/openapi.json")
    public Map<String, Object> managerApi() {
        return managerApi;
    }

    @GET
    @Path("/v1/openapi.json")
    public Map<String, Object> ownApi() {
        return ownApi;
    }
}
