package io.holdfast.scheduler.reading.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.holdfast.listing.Summary;
import io.holdfast.scheduler.reading.app.ScheduleCatalogue;
import io.holdfast.scheduler.schedules.DstPolicy;
import io.holdfast.scheduler.schedules.Schedule;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Occurrences are worked out from the rule when asked, so that they are right also for a schedule that was just restored. */
@Singleton
class PgScheduleCatalogue implements ScheduleCatalogue {

    private static final Logger LOG = Logger.getLogger(PgScheduleCatalogue.class);

    private static final String NEXT = "next_occurrence";
    private static final String ALL_NEXT = "all_next_occurrences";

    /** As many as the product shows. */
    private static final int MAX_SHOWN = 1_000;

    private static final DateTimeFormatter SHOWN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String ISO = "'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'";

    private static final Entity ENTITY = Entity.of("ExecutionSchedule", "scheduler.execution_schedules e")
            .times("created_at", "since", "until", NEXT, "last_occurrence")
            .texts("id", "deployment_id", "workflow_id")
            .texts("time_zone", "dst_gap", "dst_overlap", "overlap", "catch_up", "concurrency_key", "pause_note")
            .jsons("rule", "parameters", "execution_arguments")
            .integers("slip", "catch_up_limit", "jitter_seconds", "priority")
            .bools("stop_on_fail", "enabled")
            .text("latest_execution_status", """
                    (SELECT x.status FROM scheduler.executions x
                     WHERE x.tenant_name = e.tenant_name AND x.id = e.latest_execution_id)""")
            .derived(ALL_NEXT)
            .hidden("rule", "e.rule")
            .hidden("zone", "e.time_zone")
            .hidden("gap", "e.dst_gap")
            .hidden("overlap", "e.dst_overlap")
            .hidden("since", "to_char(e.since AT TIME ZONE 'UTC', " + ISO + ")")
            .hidden("until", "to_char(e.until AT TIME ZONE 'UTC', " + ISO + ")")
            .owned("e")
            .counted("scheduler", "execution_schedules")
            .searchBy("_search", "e.id")
            .sortBy("created_at")
            .build();

    private static final Summary SUMMARY =
            new Summary("execution_schedules", List.of("deployment_id", "workflow_id", "tenant_name", "visibility"));

    private final Lister lister;
    private final ObjectMapper json;
    private final Clock clock;

    PgScheduleCatalogue(@DataSource("scheduler") AgroalDataSource dataSource, ObjectMapper json, Clock clock) {
        this.lister = new Lister(dataSource);
        this.json = json;
        this.clock = clock;
    }

    @Override
    public Listing list(ListRequest request, CallerIdentity caller) {
        Listing listing = lister.list(ENTITY, request, caller);
        Instant now = clock.instant();
        listing.rows().forEach(row -> occurrences(row, now));
        return listing;
    }

    @Override
    public ObjectNode summary(ListRequest request, CallerIdentity caller) {
        return lister.summarize(SUMMARY, ENTITY, request, caller);
    }

    @Override
    public Row get(String id, String deploymentId, ListRequest request, CallerIdentity caller) {
        Row row = lister.find(ENTITY, id, request, caller, Condition.of("e.deployment_id = ?", deploymentId))
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.NOT_FOUND,
                        "Requested `ExecutionSchedule` with ID `" + id + "` was not found (filters: {'deployment_id': '"
                                + deploymentId + "'})",
                        null));
        occurrences(row, clock.instant());
        return row;
    }

    private void occurrences(Row row, Instant now) {
        if (!row.wants(NEXT) && !row.wants(ALL_NEXT)) {
            return;
        }
        List<Instant> coming = coming(row, now);
        if (row.wants(NEXT)) {
            row.json().put(NEXT, coming.isEmpty() ? null : ApiTime.format(coming.get(0)));
        }
        if (row.wants(ALL_NEXT)) {
            ArrayNode shown = row.json().putArray(ALL_NEXT);
            coming.forEach(at -> shown.add(SHOWN.format(at)));
        }
    }

    /** An archive may carry a rule that nobody can follow: then the schedule is shown, without occurrences. */
    private List<Instant> coming(Row row, Instant now) {
        Instant since = row.hidden("since").map(ApiTime::parse).orElse(null);
        if (since == null) {
            return List.of();
        }
        try {
            Schedule.Timing timing = new Schedule.Timing(
                    map(row.hidden("rule").orElse("{}")),
                    row.hidden("zone").orElse("UTC"),
                    DstPolicy.of(
                            row.hidden("gap").orElse(null),
                            row.hidden("overlap").orElse(null)),
                    since,
                    row.hidden("until").map(ApiTime::parse).orElse(null));
            return timing.occurrences().after(now, row.wants(ALL_NEXT) ? MAX_SHOWN : 1);
        } catch (ManagerException e) {
            LOG.warnf(
                    "schedule %s of tenant %s has a rule without occurrences: %s", row.id(), row.tenant(), e.detail());
            return List.of();
        }
    }

    private Map<String, @Nullable Object> map(String text) {
        try {
            return json.readValue(text, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new ManagerException(ErrorCode.BAD_PARAMETERS, "the rule is no JSON object: " + text, null, e);
        }
    }
}
