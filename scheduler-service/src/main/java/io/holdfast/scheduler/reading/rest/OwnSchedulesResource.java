package io.holdfast.scheduler.reading.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.scheduler.reading.app.ScheduleCatalogue;
import io.holdfast.scheduler.schedules.Preview;
import io.holdfast.scheduler.schedules.Schedule;
import io.holdfast.scheduler.schedules.ScheduleRun;
import io.holdfast.scheduler.schedules.app.KeepSchedule;
import io.holdfast.scheduler.schedules.app.PreviewSchedule;
import io.holdfast.scheduler.schedules.app.ReadRuns;
import io.holdfast.scheduler.schedules.app.RunSchedule;
import io.holdfast.scheduler.schedules.app.ScheduleBody;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the manager API has no word for: previews, the history of occurrences, pausing, backfills. */
@Path("/internal/scheduler/v1/schedules")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Blocking
public class OwnSchedulesResource {

    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);

    private final ScheduleCatalogue schedules;
    private final KeepSchedule keep;
    private final RunSchedule run;
    private final PreviewSchedule preview;
    private final ReadRuns runs;
    private final CurrentCaller caller;

    OwnSchedulesResource(
            ScheduleCatalogue schedules,
            KeepSchedule keep,
            RunSchedule run,
            PreviewSchedule preview,
            ReadRuns runs,
            CurrentCaller caller) {
        this.schedules = schedules;
        this.keep = keep;
        this.run = run;
        this.preview = preview;
        this.runs = runs;
        this.caller = caller;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return schedules
                .list(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    /** Body: a rule with zone and policies as of a schedule, {@code next}, {@code after}. */
    @POST
    @Path("/preview")
    public Map<String, Object> preview(@Nullable Map<String, @Nullable Object> json) {
        return Map.of("items", shown(preview.of(ScheduleBody.of(json))));
    }

    @GET
    @Path("/{id}/preview")
    public Map<String, Object> preview(
            @PathParam("id") String id,
            @QueryParam("deployment_id") @Nullable String deploymentId,
            @QueryParam("next") @Nullable Integer next) {
        return Map.of("items", shown(preview.of(key(id, deploymentId), next)));
    }

    @GET
    @Path("/{id}/runs")
    public Map<String, Object> runs(
            @PathParam("id") String id,
            @QueryParam("deployment_id") @Nullable String deploymentId,
            @QueryParam("outcome") @Nullable String outcome,
            @QueryParam("_size") @DefaultValue("100") int size,
            @QueryParam("_offset") @DefaultValue("0") int offset) {
        if (size < 1 || size > 1_000 || offset < 0) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "_size is a number from 1 to 1000 and _offset not negative, but got: " + size + " and " + offset,
                    null);
        }
        ReadRuns.Page page = runs.of(key(id, deploymentId), outcome, size, offset);
        return Map.of(
                "items",
                page.runs().stream().map(OwnSchedulesResource::shown).toList(),
                "metadata",
                Map.of("pagination", Map.of("total", page.total(), "size", size, "offset", offset)));
    }

    /** Body: {@code note}. */
    @POST
    @Path("/{id}/pause")
    public ObjectNode pause(
            @PathParam("id") String id,
            @QueryParam("deployment_id") @Nullable String deploymentId,
            @Nullable Map<String, @Nullable Object> json) {
        Schedule.Key key = key(id, deploymentId);
        keep.pause(key, text(json, "note"), caller.identity().username());
        return schedule(key);
    }

    /** Body: {@code note}. */
    @POST
    @Path("/{id}/resume")
    public ObjectNode resume(
            @PathParam("id") String id,
            @QueryParam("deployment_id") @Nullable String deploymentId,
            @Nullable Map<String, @Nullable Object> json) {
        Schedule.Key key = key(id, deploymentId);
        keep.resume(key, text(json, "note"), caller.identity().username());
        return schedule(key);
    }

    /** Body: {@code overlap}. */
    @POST
    @Path("/{id}/trigger")
    public Map<String, Object> trigger(
            @PathParam("id") String id,
            @QueryParam("deployment_id") @Nullable String deploymentId,
            @Nullable Map<String, @Nullable Object> json) {
        Schedule.Key key = key(id, deploymentId);
        Instant at = run.trigger(key, text(json, "overlap"));
        return runs.of(key, null, 1_000, 0).runs().stream()
                .filter(decided -> decided.occurrence().equals(at))
                .findFirst()
                .map(OwnSchedulesResource::shown)
                .orElseThrow();
    }

    /** Body: {@code from}, {@code to}, {@code overlap} (default queue_all). */
    @POST
    @Path("/{id}/backfill")
    public Map<String, Object> backfill(
            @PathParam("id") String id,
            @QueryParam("deployment_id") @Nullable String deploymentId,
            @Nullable Map<String, @Nullable Object> json) {
        Schedule.Key key = key(id, deploymentId);
        ScheduleBody body = ScheduleBody.of(json);
        List<Instant> occurrences =
                run.backfill(key, body.requiredTime("from"), body.requiredTime("to"), text(json, "overlap"));
        return Map.of("occurrences", occurrences.stream().map(ApiTime::format).toList());
    }

    private ObjectNode schedule(Schedule.Key key) {
        return schedules
                .get(key.id(), key.deploymentId(), ListRequest.all(), caller.identity())
                .json();
    }

    /** Of one that the caller sees: others are as if they were not there. */
    private Schedule.Key key(String id, @Nullable String deploymentId) {
        Schedule.Key key = SchedulesResource.keyOf(caller.tenant(), id, deploymentId);
        schedule(key);
        return key;
    }

    private static @Nullable String text(@Nullable Map<String, @Nullable Object> json, String name) {
        return ScheduleBody.of(json).text(name);
    }

    private static List<Map<String, @Nullable Object>> shown(List<Preview> occurrences) {
        return occurrences.stream().map(OwnSchedulesResource::shown).toList();
    }

    private static Map<String, @Nullable Object> shown(Preview occurrence) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("at", ApiTime.format(occurrence.at().toInstant()));
        json.put("local", LOCAL.format(occurrence.at()));
        json.put("time_zone", occurrence.at().getZone().getId());
        json.put("skipped", occurrence.skipped());
        json.put("note", occurrence.note());
        return json;
    }

    private static Map<String, Object> shown(ScheduleRun run) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("occurrence_at", ApiTime.format(run.occurrence()));
        json.put("outcome", Schedule.nameOf(run.outcome()));
        json.put("reason", run.reason());
        json.put("detail", run.detail());
        json.put("execution_id", run.executionId());
        json.put("backfill", run.backfill());
        json.put("lateness_ms", run.latenessMillis());
        json.put("decided_at", ApiTime.format(run.decidedAt()));
        return json;
    }
}
