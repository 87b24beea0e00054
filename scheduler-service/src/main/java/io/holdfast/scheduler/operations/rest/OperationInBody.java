package io.holdfast.scheduler.operations.rest;

import io.holdfast.scheduler.SentFields;
import io.holdfast.scheduler.operations.OperationState;
import io.holdfast.scheduler.operations.app.OperationRecords;
import java.time.Instant;

/** An operation as workers send it. */
final class OperationInBody {

    private OperationInBody() {}

    static OperationRecords.Operation of(
            SentFields body, String tenant, String id, String graphId, String createdBy, Instant now) {
        String state = body.text("state");
        String type = body.text("type");
        return new OperationRecords.Operation(
                tenant,
                id,
                graphId,
                body.required("name"),
                type == null ? "" : type,
                state == null ? OperationState.PENDING : state,
                SentFields.written(body.list("dependencies"), "[]"),
                SentFields.written(body.dict("parameters"), "{}"),
                createdBy,
                now);
    }
}
