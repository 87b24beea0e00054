package io.holdfast.workflow.bridge;

import io.holdfast.contracts.events.SchedulerCommand.RecordEvents;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An event or a log line that a worker or an agent sent. Source: scheduler.md, section 1.3. */
public final class Report {

    private static final String EVENT = "cloudify_event";
    private static final String LOG = "cloudify_log";

    private Report() {}

    /** A message that is not one. */
    public static final class NotAReport extends Exception {

        private static final long serialVersionUID = 1L;

        NotAReport(String detail) {
            super(detail);
        }
    }

    /**
     * The line for the journal of its execution; empty for hooks, which this manager sent itself.
     *
     * @param body the message
     * @throws NotAReport with what is missing or wrong
     */
    public static Optional<RecordEvents> read(Map<?, ?> body) throws NotAReport {
        String kind = text(body, "type");
        if (!EVENT.equals(kind) && !LOG.equals(kind)) {
            throw new NotAReport("type is " + kind + ", expected " + EVENT + " or " + LOG);
        }
        Map<?, ?> context = object(body, "context");
        if ("hook".equals(text(context, "message_type"))) {
            return Optional.empty();
        }
        String executionId = required(text(context, "execution_id"), "context.execution_id");
        String tenant = required(tenant(context), "context.tenant.name");
        String message = required(text(object(body, "message"), "text"), "message.text");
        boolean event = EVENT.equals(kind);
        return Optional.of(new RecordEvents(
                executionId,
                tenant,
                List.of(new RecordEvents.Entry(
                        kind,
                        time(required(text(body, "timestamp"), "timestamp")),
                        event ? required(text(body, "event_type"), "event_type") : null,
                        event ? null : text(body, "logger"),
                        event ? null : text(body, "level"),
                        message,
                        text(context, "node_id"),
                        text(context, "node_name"),
                        text(context, "operation")))));
    }

    private static @Nullable String tenant(Map<?, ?> context) {
        String name = context.get("tenant") instanceof Map<?, ?> tenant ? text(tenant, "name") : null;
        return name == null ? text(context, "tenant_name") : name;
    }

    private static Map<?, ?> object(Map<?, ?> map, String key) throws NotAReport {
        if (map.get(key) instanceof Map<?, ?> found) {
            return found;
        }
        throw new NotAReport(key + " is missing or no object");
    }

    /** Null where it is missing, null or no text. PostgreSQL takes no NUL in texts. */
    private static @Nullable String text(Map<?, ?> map, String key) {
        return map.get(key) instanceof String found ? found.replace('\0', '\uFFFD') : null;
    }

    private static String required(@Nullable String value, String name) throws NotAReport {
        if (value == null) {
            throw new NotAReport(name + " is missing or no text");
        }
        return value;
    }

    /** Workers of some versions leave the zone out; it is UTC. */
    private static Instant time(String text) throws NotAReport {
        String iso = text.replace(' ', 'T');
        try {
            return OffsetDateTime.parse(iso).toInstant();
        } catch (DateTimeException withoutOffset) {
            try {
                return LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw new NotAReport("timestamp is " + text + ", expected ISO 8601");
            }
        }
    }
}
