package io.holdfast.scheduler;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The blueprints of the inventory-service: all but {@code missing} exist, and {@code again} was uploaded by {@code again-upload}. */
@Path("/internal/inventory/blueprints")
@Produces(MediaType.APPLICATION_JSON)
public class BlueprintStub {

    /** {@code blueprint execution} each. */
    public static final List<String> UPLOADED_BY = Collections.synchronizedList(new ArrayList<>());

    @GET
    @Path("/{id}/upload-execution")
    public Map<String, Object> upload(@PathParam("id") String id) {
        if (id.equals("missing")) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND, "Requested `Blueprint` with ID `missing` was not found", null);
        }
        return id.equals("again") ? Map.of("id", "again-upload") : Collections.singletonMap("id", null);
    }

    @PUT
    @Path("/{id}/upload-execution")
    public void uploadedBy(@PathParam("id") String id, Map<String, String> execution) {
        UPLOADED_BY.add(id + " " + execution.get("id"));
    }
}
