package io.holdfast.gateway.openapi.rest;

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

    private static final String OPERATIONS = "/io/holdfast/gateway/openapi/operations.txt";

    private final Map<String, Object> managerApi =
            OpenApiDocument.ofManagerApi(RouteTable.shipped().routes());
    private final Map<String, Object> ownApi =
            OpenApiDocument.ofOwnApi(OwnOperation.read(lines()), RouteTable.holdfastRoutes());

    private static List<String> lines() {
        try (InputStream in =
                        Objects.requireNonNull(OpenApiResource.class.getResourceAsStream(OPERATIONS), OPERATIONS);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + OPERATIONS, e);
        }
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
