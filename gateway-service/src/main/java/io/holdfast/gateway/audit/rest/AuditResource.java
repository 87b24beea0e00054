package io.holdfast.gateway.audit.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.rest.JsonBody;
import io.holdfast.gateway.audit.app.AnswersUnderWay;
import io.holdfast.gateway.audit.app.AuditCatalogue;
import io.holdfast.gateway.audit.app.CarryAudit;
import io.holdfast.gateway.audit.app.TruncateAudit;
import io.holdfast.http.CurrentCaller;
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
import java.time.Instant;

/** The audit log as the manager API has it. Source: cloudify-api section 15. */
@Path("/internal/gateway/audit")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class AuditResource {

    private final AuditCatalogue catalogue;
    private final AnswersUnderWay answersUnderWay;
    private final TruncateAudit truncate;
    private final CarryAudit carry;
    private final CurrentCaller current;
    private final ObjectMapper json;

    public AuditResource(
            AuditCatalogue catalogue,
            AnswersUnderWay answersUnderWay,
            TruncateAudit truncate,
            CarryAudit carry,
            CurrentCaller current,
            ObjectMapper json) {
        this.catalogue = catalogue;
        this.answersUnderWay = answersUnderWay;
        this.truncate = truncate;
        this.carry = carry;
        this.current = current;
        this.json = json;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        AuditQuery query = new AuditQuery(uri.getQueryParameters());
        answersUnderWay.await();
        return catalogue.list(query.page(), query.wanted(), current.identity()).toUnfilteredJson();
    }

    /** 200, where the API has 204: its own client takes nothing else here. */
    @POST
    @Consumes(MediaType.WILDCARD)
    public JsonNode carry(InputStream body) {
        carry.add(CarriedEntries.of(JsonBody.parseList(json, body)));
        return json.nullNode();
    }

    @DELETE
    public ObjectNode truncate(@Context UriInfo uri) {
        AuditQuery query = new AuditQuery(uri.getQueryParameters());
        Instant before = query.time("before")
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "Missing before in query parameters: the time up to which entries are forgotten",
                        "for example ?before=2026-03-13T04:00:00.000Z"));
        int deleted = truncate.before(
                before,
                query.text("creator_name").orElse(null),
                query.text("execution_id").orElse(null));
        return json.createObjectNode().put("deleted", deleted);
    }
}
