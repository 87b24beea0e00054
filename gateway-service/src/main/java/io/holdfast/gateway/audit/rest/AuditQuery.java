package io.holdfast.gateway.audit.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.audit.app.AuditCatalogue.Wanted;
import io.holdfast.listing.ListRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The query parameters of the audit log, which are not those of other lists. Source: cloudify-api section 15. */
record AuditQuery(Map<String, List<String>> parameters) {

    /** The API's own default here. */
    private static final int DEFAULT_SIZE = 100;

    /** Zero entries wanted means all of them here. */
    ListRequest page() {
        Map<String, List<String>> page = new HashMap<>();
        take(page, "_size", "size");
        take(page, "_offset", "offset");
        take(page, "_include", "_include");
        if (text("size").filter("0"::equals).isPresent()) {
            page.remove("_size");
            page.put("_get_all_results", List.of("true"));
        }
        boolean descending = ListRequest.flag(parameters, "desc", false);
        List<String> order = new ArrayList<>();
        for (String key : parameters.getOrDefault("order_by", List.of())) {
            if (!key.isEmpty()) {
                order.add((descending ? "-" : "") + key);
            }
        }
        if (order.isEmpty() && descending) {
            order.add("-created_at");
        }
        page.put("_sort", order);
        return ListRequest.parse(page, DEFAULT_SIZE, Set.of());
    }

    private void take(Map<String, List<String>> page, String name, String here) {
        List<String> values = parameters.getOrDefault(here, parameters.getOrDefault(name, List.of()));
        if (!values.isEmpty()) {
            page.put(name, values);
        }
    }

    Wanted wanted() {
        return new Wanted(
                text("creator_name").orElse(null),
                text("execution_id").orElse(null),
                time("since").orElse(null));
    }

    Optional<String> text(String name) {
        return parameters.getOrDefault(name, List.of()).stream()
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /** ISO 8601; without an offset it is UTC. A plus of an offset is a space once decoded. */
    Optional<Instant> time(String name) {
        return text(name).map(text -> time(name, text));
    }

    /** @throws ManagerException bad_parameters_error for what is no time */
    static Instant time(String name, String text) {
        String iso =
                text.strip().replaceFirst("(\\d{2}) (\\d{2}:\\d{2})$", "$1+$2").replace(' ', 'T');
        try {
            return OffsetDateTime.parse(iso).toInstant();
        } catch (DateTimeException noOffset) {
            return withoutOffset(name, text, iso);
        }
    }

    private static Instant withoutOffset(String name, String text, String iso) {
        try {
            return iso.length() == 10
                    ? LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "`" + name + "` is `" + text + "`, which is no time; expected ISO 8601",
                    "for example 2026-03-13T04:00:00.000Z",
                    e);
        }
    }
}
