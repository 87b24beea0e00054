package io.holdfast.gateway.audit.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.rest.JsonBody;
import io.holdfast.gateway.audit.CarriedEntry;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Entries of another log in a body, in the shape in which {@code GET /audit} shows them. Source: the client's {@code auditlog.inject}. */
final class CarriedEntries {

    private static final String IDENTIFIER = "ref_identifier";
    private static final String CREATED_AT = "created_at";

    /** What may identify a thing; the existing API takes no others. */
    private static final Set<String> IDENTIFIERS = Set.of(
            "id",
            "name",
            "username",
            "manager_id",
            "tenant_name",
            "tenant_id",
            "_tenant_id",
            "storage_id",
            "_storage_id");

    private CarriedEntries() {}

    /** @throws ManagerException bad_parameters_error that says of which entry it is, counted from 0 */
    static List<CarriedEntry> of(List<JsonBody> bodies) {
        List<CarriedEntry> entries = new ArrayList<>();
        for (JsonBody body : bodies) {
            try {
                entries.add(of(body));
            } catch (ManagerException e) {
                throw new ManagerException(e.code(), "entry " + entries.size() + ": " + e.detail(), e.hint(), e);
            }
        }
        return entries;
    }

    private static CarriedEntry of(JsonBody body) {
        String operation = body.requiredText("operation");
        if (!CarriedEntry.OPERATIONS.contains(operation)) {
            throw bad("operation is `" + operation + "`, expected create, update or delete");
        }
        Optional<ObjectNode> identifier = body.object(IDENTIFIER);
        return new CarriedEntry(
                operation,
                body.requiredText("ref_table"),
                refId(body.required("ref_id")),
                identifier.map(CarriedEntries::checked).orElse(null),
                identifier.map(found -> text(found.get("tenant_name"))).orElse(null),
                body.text("creator_name").orElse(null),
                body.text("execution_id").orElse(null),
                time(body.requiredText(CREATED_AT)));
    }

    private static String refId(JsonNode value) {
        if (value.isTextual() || value.isIntegralNumber()) {
            return value.asText();
        }
        throw bad("ref_id is " + value + ", expected a number or a text");
    }

    private static String checked(ObjectNode identifier) {
        identifier.properties().forEach(part -> {
            if (!IDENTIFIERS.contains(part.getKey())) {
                throw bad(IDENTIFIER + " has no `" + part.getKey() + "`, expected some of "
                        + IDENTIFIERS.stream().sorted().toList());
            }
            if (part.getValue().isContainerNode()) {
                throw bad(
                        IDENTIFIER + "." + part.getKey() + " is " + part.getValue() + ", expected a text or a number");
            }
        });
        return identifier.toString();
    }

    private static @Nullable String text(@Nullable JsonNode value) {
        return value == null || value.isNull() ? null : value.asText();
    }

    private static Instant time(String text) {
        Instant time = AuditQuery.time(CREATED_AT, text);
        int year = time.atOffset(ZoneOffset.UTC).getYear();
        if (year < 1 || year > 9999) {
            throw bad("`" + CREATED_AT + "` is `" + text + "`, expected a year from 1 to 9999");
        }
        return time;
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
