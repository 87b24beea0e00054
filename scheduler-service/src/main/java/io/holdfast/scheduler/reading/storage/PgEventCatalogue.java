package io.holdfast.scheduler.reading.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.holdfast.listing.StableHorizon;
import io.holdfast.scheduler.reading.app.EventCatalogue;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

@Singleton
class PgEventCatalogue implements EventCatalogue {

    private static final Entity ENTITY = Entity.of("Event", "scheduler.events e")
            .id("e.storage_id::text")
            .integer("_storage_id", "e.storage_id")
            .times("timestamp", "reported_timestamp")
            .texts(
                    "type",
                    "message",
                    "blueprint_id",
                    "deployment_id",
                    "deployment_display_name",
                    "execution_id",
                    "execution_group_id",
                    "workflow_id",
                    "operation",
                    "node_instance_id",
                    "node_name",
                    "source_id",
                    "target_id",
                    "manager_name",
                    "agent_name",
                    "event_type",
                    "logger",
                    "level")
            .jsons("error_causes")
            .hidden("type", "e.type")
            .scoped("e")
            .counted("scheduler", "events")
            .sortBy("timestamp")
            .build();

    /** Filters by equality, and the column of each. */
    private static final Map<String, String> EQUAL = Map.of(
            "blueprint_id", "e.blueprint_id",
            "deployment_id", "e.deployment_id",
            "execution_id", "e.execution_id",
            "node_instance_id", "e.node_instance_id",
            "type", "e.type");

    /** Filters by a pattern in any case, {@code %} for any text. */
    private static final Map<String, String> LIKE =
            Map.of("message", "e.message", "message.text", "e.message", "operation", "e.operation");

    /** As the refusal of another filter lists them. */
    private static final List<String> ALLOWED = List.of(
            "blueprint_id",
            "deployment_id",
            "event_type",
            "execution_group_id",
            "execution_id",
            "level",
            "message",
            "message.text",
            "node_id",
            "node_instance_id",
            "operation",
            "type");

    /** What was said of a tenant's group itself, and what its executions say: {@code cfy} waits for their ends there. */
    static final String OF_GROUP = """
            e.tenant_name = ? AND (e.execution_group_id = ANY (?) OR e.execution_id = ANY (ARRAY(
                SELECT m.execution_id FROM scheduler.execution_group_members m
                 WHERE m.tenant_name = ? AND m.execution_group_id = ANY (?))))""";

    private static final Map<String, String> TIMES = Map.of(
            "timestamp", "e.timestamp",
            "@timestamp", "e.timestamp",
            "reported_timestamp", "e.reported_timestamp");

    /** An offset or {@code Z} may be missing: then it is UTC. */
    private static final DateTimeFormatter ISO = new java.time.format.DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("['T'][' ']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .optionalEnd()
            .toFormatter(java.util.Locale.ROOT);

    /** So many events of a deletion that are kept in a file are in memory at once. */
    private static final int AT_ONCE = 5_000;

    private final AgroalDataSource dataSource;
    private final Lister lister;
    private final StableHorizon horizon;

    PgEventCatalogue(@DataSource("scheduler") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
        this.lister = new Lister(dataSource);
        this.horizon = new StableHorizon(dataSource, "scheduler.events", "storage_id");
    }

    @Override
    public Listing list(ListRequest request, CallerIdentity caller) {
        Listing listing = lister.list(ENTITY, plain(request), caller, conditions(request, caller));
        listing.rows().forEach(PgEventCatalogue::onlyItsOwn);
        return listing;
    }

    @Override
    public int delete(ListRequest request, CallerIdentity caller) {
        List<Object> binds = new ArrayList<>();
        String sql = "DELETE FROM scheduler.events e WHERE " + chosen(request, caller, binds);
        return deleted(sql, binds, PreparedStatement::executeUpdate);
    }

    @Override
    public int delete(ListRequest request, CallerIdentity caller, Consumer<String> each) {
        List<Object> binds = new ArrayList<>();
        // In parts: the driver reads all that one statement returns into memory.
        String sql = "WITH gone AS (DELETE FROM scheduler.events d WHERE d.storage_id IN"
                + " (SELECT e.storage_id FROM scheduler.events e WHERE " + chosen(request, caller, binds)
                + " ORDER BY e.storage_id LIMIT " + AT_ONCE
                + ") RETURNING d.*) SELECT to_jsonb(gone)::text FROM gone ORDER BY storage_id";
        int deleted = 0;
        int now;
        do {
            now = deleted(sql, binds, statement -> {
                int rows = 0;
                try (ResultSet lines = statement.executeQuery()) {
                    while (lines.next()) {
                        each.accept(lines.getString(1));
                        rows++;
                    }
                }
                return rows;
            });
            deleted += now;
        } while (now == AT_ONCE);
        return deleted;
    }

    private interface Deletion {
        int of(PreparedStatement statement) throws SQLException;
    }

    private static String chosen(ListRequest request, CallerIdentity caller, List<Object> binds) {
        StringBuilder sql = new StringBuilder("e.tenant_name = ?");
        binds.add(caller.tenant());
        for (Condition condition : conditions(request, caller)) {
            sql.append(" AND (").append(condition.sql()).append(')');
            binds.addAll(condition.binds());
        }
        return sql.toString();
    }

    private int deleted(String sql, List<Object> binds, Deletion deletion) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement(sql)) {
            for (int i = 0; i < binds.size(); i++) {
                Object value = binds.get(i);
                delete.setObject(
                        i + 1,
                        value instanceof List<?> texts ? connection.createArrayOf("text", texts.toArray()) : value);
            }
            return deletion.of(delete);
        } catch (SQLException e) {
            throw Lister.failed("Event", e);
        }
    }

    @Override
    public List<Row> between(ListRequest request, CallerIdentity caller, long after, long upTo) {
        List<Condition> conditions = new ArrayList<>(List.of(conditions(request, caller)));
        conditions.add(Condition.of("e.storage_id > ? AND e.storage_id <= ?", after, upTo));
        ListRequest everything = new ListRequest(
                request.size(),
                0,
                List.of("_storage_id"),
                Set.of(),
                true,
                request.allTenants(),
                false,
                Map.of(),
                request.special());
        List<Row> rows = lister.list(ENTITY, everything, caller, conditions.toArray(Condition[]::new))
                .rows();
        rows.forEach(PgEventCatalogue::onlyItsOwn);
        return rows;
    }

    @Override
    public long horizon() {
        return horizon.upTo();
    }

    @Override
    public long given() {
        return horizon.given();
    }

    /** The engine's part of the request: filters are ours, and sort keys may have the older names. */
    private static ListRequest plain(ListRequest request) {
        List<String> sort = isFollowedGroup(request)
                ? List.of("_storage_id")
                : request.sort().stream()
                        .map(key -> key.replace("@timestamp", "timestamp").replace("message.text", "message"))
                        .toList();
        return new ListRequest(
                request.size(),
                request.offset(),
                sort,
                request.include(),
                request.allResults(),
                request.allTenants(),
                request.getData(),
                Map.of(),
                request.special());
    }

    /**
     * Who follows a group asks for what is new by the number of those that are known, as {@code cfy} does. Its executions run side by side,
     * and what one of them said may be stored after what another said later: by the time at which it was said, it would push known ones
     * beyond that number, and be missed itself.
     */
    private static boolean isFollowedGroup(ListRequest request) {
        return request.filters().containsKey("execution_group_id")
                && List.of("reported_timestamp").equals(request.sort());
    }

    private static Condition[] conditions(ListRequest request, CallerIdentity caller) {
        Map<String, List<String>> filters = new LinkedHashMap<>(request.filters());
        List<Condition> conditions = new ArrayList<>();
        List<String> levels = filters.remove("level");
        List<String> eventTypes = filters.remove("event_type");
        kind(levels, eventTypes, conditions);
        filters.forEach((name, values) -> {
            if (EQUAL.containsKey(name)) {
                conditions.add(Condition.of(EQUAL.get(name) + " = ANY (?)", values));
            } else if (LIKE.containsKey(name)) {
                conditions.add(Condition.of(LIKE.get(name) + " ILIKE ANY (?)", values));
            } else if ("execution_group_id".equals(name)) {
                conditions.add(Condition.of(OF_GROUP, caller.tenant(), values, caller.tenant(), values));
            } else if ("node_id".equals(name)) {
                conditions.add(Condition.of("(e.node_instance_id = ANY (?) OR e.node_name = ANY (?))", values, values));
            } else {
                throw bad("Unknown field to filter by: " + name + ". Allowed values: " + String.join(", ", ALLOWED));
            }
        });
        for (String range : request.special().getOrDefault("_range", List.of())) {
            range(range, conditions);
        }
        return conditions.toArray(Condition[]::new);
    }

    /** Only logs have levels, only events have event types; nothing has both. */
    private static void kind(
            @Nullable List<String> levels, @Nullable List<String> eventTypes, List<Condition> conditions) {
        if (levels != null) {
            conditions.add(Condition.of("e.type = 'cloudify_log' AND e.level = ANY (?)", levels));
        }
        if (eventTypes != null) {
            conditions.add(Condition.of("e.type = 'cloudify_event' AND e.event_type = ANY (?)", eventTypes));
        }
    }

    private static void range(String range, List<Condition> conditions) {
        String[] parts = range.split(",", -1);
        if (parts.length != 3) {
            throw bad("Range parameter must consist of 3 parts (field, start, end) but has " + parts.length + ": "
                    + range);
        }
        String sql = TIMES.get(parts[0].strip());
        if (sql == null) {
            throw bad("Unknown field to filter by range: " + parts[0] + ". Allowed values: "
                    + TIMES.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        if (parts[1].isBlank() && parts[2].isBlank()) {
            throw bad("Range parameter must have a start or an end, but has neither: " + range);
        }
        if (!parts[1].isBlank()) {
            conditions.add(Condition.of(sql + " >= ?", time(parts[1])));
        }
        if (!parts[2].isBlank()) {
            conditions.add(Condition.of(sql + " < ?", time(parts[2])));
        }
    }

    /** A plus of an offset is a space once decoded. */
    private static OffsetDateTime time(String text) {
        String iso = text.strip()
                .replaceFirst("(\\d{2}) (\\d{2}:\\d{2})$", "$1+$2")
                .replaceFirst("^(\\d{4})(\\d{2})(\\d{2})(?:T(\\d{2})(\\d{2})(\\d{2}))(?!\\d)", "$1-$2-$3T$4:$5:$6");
        try {
            TemporalAccessor parsed = ISO.parseBest(iso, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
            if (parsed instanceof OffsetDateTime exact) {
                return exact;
            }
            return parsed instanceof LocalDateTime local
                    ? local.atOffset(ZoneOffset.UTC)
                    : ((LocalDate) parsed).atStartOfDay().atOffset(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw bad("`" + text + "` is not a time; expected ISO 8601, for example 2020-03-13T04:00:00.000Z");
        }
    }

    /** An event has a type of its own, a log has a logger and a level; neither shows the other's fields. */
    private static void onlyItsOwn(Row row) {
        boolean log = row.hidden("type").filter("cloudify_log"::equals).isPresent();
        row.json().remove(log ? Set.of("event_type") : Set.of("logger", "level"));
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
