package io.holdfast.scheduler.operations.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.scheduler.operations.OperationState;
import io.holdfast.scheduler.operations.app.OperationRecords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON object of a request about operations, read with the API's own messages. Source: the Cloudify REST API v3.1. */
record Fields(JsonNode body) {

    static Fields of(@Nullable JsonNode body) {
        if (body == null || !body.isObject()) {
            throw bad("the request body must be a JSON object");
        }
        return new Fields(body);
    }

    OperationRecords.Operation operation(String tenant, String id, String graphId, String createdBy, Instant now) {
        String state = text("state");
        String type = text("type");
        return new OperationRecords.Operation(
                tenant,
                id,
                graphId,
                required("name"),
                type == null ? "" : type,
                state == null ? OperationState.PENDING : state,
                json("dependencies", "list", "[]"),
                json("parameters", "dict", "{}"),
                createdBy,
                now);
    }

    String required(String name) {
        if (!body.has(name)) {
            throw bad("Missing " + name + " in json request body");
        }
        String text = text(name);
        if (text == null) {
            throw bad(name + " parameter is expected to be of type str but is of type NoneType");
        }
        return text;
    }

    @Nullable
    String text(String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw bad(name + " parameter is expected to be of type str but is " + value);
        }
        // PostgreSQL takes no NUL in texts.
        return value.asText().replace('\0', '\uFFFD');
    }

    /** Text as it is, other values as JSON. */
    @Nullable
    String anyText(String name) {
        JsonNode value = body.path(name);
        return value.isMissingNode() || value.isNull() || value.isTextual() ? text(name) : written(value);
    }

    /** JSON of a list; null for anything else. */
    @Nullable
    String array(String name) {
        return body.path(name).isArray() ? written(body.path(name)) : null;
    }

    List<Fields> objects(String name) {
        List<Fields> objects = new ArrayList<>();
        JsonNode list = body.path(name);
        if (!list.isMissingNode() && !list.isNull() && !list.isArray()) {
            throw bad(name + " parameter is expected to be of type list but is " + list);
        }
        list.forEach(item -> objects.add(of(item)));
        return objects;
    }

    private String json(String name, String type, String otherwise) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (type.equals("list") ? !value.isArray() : !value.isObject()) {
            throw bad(name + " parameter is expected to be of type " + type + " but is " + value);
        }
        return written(value);
    }

    private static String written(JsonNode value) {
        return value.toString().replace("\\u0000", "\\ufffd");
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
