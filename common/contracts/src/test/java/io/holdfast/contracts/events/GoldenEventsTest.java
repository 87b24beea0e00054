package io.holdfast.contracts.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every event against its golden JSON file in {@code events/<wire name>.json}. A test that fails here means that what is on the wire
 * changed: add optional fields only; anything else is a new version with a new wire name.
 */
class GoldenEventsTest {

    private static final Instant AT = Instant.parse("2026-03-13T04:00:00.123Z");
    private static final String TENANT = "default_tenant";
    private static final String EXECUTION = "7dbc1ae2-5a00-497e-9ebb-13942856834a";
    private static final String RESTORE = "0b7e6f0e-9a5c-4d38-8f0e-2f2a3d1c4b5a";

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    static Stream<Event> events() {
        return Stream.of(
                new SnapshotEvent.Requested("nightly", EXECUTION, TENANT, "admin", true, true, false, AT),
                new SnapshotEvent.Created("nightly", EXECUTION, TENANT, 1048576, "e3b0c44298fc1c14", AT),
                new SnapshotEvent.Failed("nightly", EXECUTION, TENANT, "no space left on device", AT),
                new SnapshotEvent.Deleted("nightly", TENANT, "admin", AT),
                new RestoreEvent.Requested(RESTORE, "nightly", TENANT, "admin", false, AT),
                new RestoreEvent.Completed(RESTORE, "nightly", TENANT, 3, AT, 12, 2, 1),
                new RestoreEvent.Failed(RESTORE, "nightly", TENANT, "checksum of plugins/p1.zip does not match", AT),
                new RestoreEvent.Undone(RESTORE, "admin", 4, AT),
                new ExecutionEvent.Rescheduled(EXECUTION, TENANT, "install", AT, 3),
                new ExecutionEvent.Started(EXECUTION, TENANT, "install", AT),
                new ExecutionEvent.Succeeded(EXECUTION, TENANT, "install", AT),
                new ExecutionEvent.Failed(
                        EXECUTION,
                        TENANT,
                        "install",
                        "OVERDUE_AT_RESTORE",
                        "Execution " + EXECUTION
                                + " scheduled for 2020-03-13T04:00:00.000Z is overdue. Marking as FAILED.",
                        AT),
                new ExecutionEvent.Cancelled(EXECUTION, TENANT, "install", null, AT),
                new ExecutionEvent.Queued(EXECUTION, TENANT, "install", "web", "DEPLOYMENT_BUSY", AT),
                new ExecutionEvent.Resumed(EXECUTION, TENANT, "install", "WORKER_LOST", 2, AT),
                new ScheduleEvent.Changed("nightly-backup", "web", TENANT, "PAUSED", "admin", null, AT),
                new ScheduleEvent.Occurred("nightly-backup", "web", TENANT, AT, "started", null, EXECUTION, AT),
                new ScheduleEvent.Completed("nightly-backup", "web", TENANT, AT),
                new MaintenanceEvent.Changed("activated", "admin", AT),
                new ClusterEvent.RoleChanged(7, "n2", "n1", AT),
                new ClusterEvent.NodeChanged("n1", "up", "streaming", 7, AT),
                new SchedulerCommand.ScheduleExecution(EXECUTION, TENANT, AT, 3),
                new SchedulerCommand.RestoreSchedules(RESTORE, 3, AT),
                new SchedulerCommand.RecordWorkflowOutcome(
                        EXECUTION, TENANT, "failed", "workflow execution is not available", "9f1c", 3, AT),
                new SchedulerCommand.RecordHeartbeat(EXECUTION, TENANT, "9f1c", 3, AT),
                new SchedulerCommand.RecordEvents(
                        EXECUTION,
                        TENANT,
                        List.of(new SchedulerCommand.RecordEvents.Entry(
                                "cloudify_log", AT, null, "ctx.web", "info", "creating", "web_x1", "web", "create"))),
                new WorkflowCommand.StartExecution(
                        EXECUTION,
                        TENANT,
                        "scale",
                        "web",
                        "Web",
                        "web-blueprint",
                        Map.of("delta", 1),
                        false,
                        false,
                        false,
                        "admin",
                        "9f1c",
                        3,
                        1,
                        null),
                new WorkflowCommand.StopExecution(EXECUTION, TENANT, "force-cancel", "9f1c", 3));
    }

    @ParameterizedTest
    @MethodSource("events")
    void eventIsOnTheWireAsItsGoldenFileSays(Event event) throws IOException {
        JsonNode written = MAPPER.readTree(MAPPER.writeValueAsString(event));
        assertThat(written).isEqualTo(golden(event));
    }

    @ParameterizedTest
    @MethodSource("events")
    void goldenFileIsReadBackWithFieldsThatLaterVersionsMayAdd(Event event) throws IOException {
        // given
        ObjectNode json = (ObjectNode) golden(event);
        json.put("addedLater", "yes");
        // then
        assertThat((Object) MAPPER.treeToValue(json, event.getClass())).isEqualTo(event);
    }

    @Test
    void startCommandSaysHowLongToWaitAfterAFailureOnlyWhereItWasAskedFor() throws IOException {
        // given
        ObjectNode json = MAPPER.createObjectNode();
        json.put("executionId", EXECUTION).put("tenantName", TENANT).put("workflowId", "scale");
        json.putObject("parameters");
        json.put("token", "9f1c");
        // when
        WorkflowCommand.StartExecution unsaid = MAPPER.treeToValue(json, WorkflowCommand.StartExecution.class);
        json.put("waitAfterFail", 30);
        WorkflowCommand.StartExecution said = MAPPER.treeToValue(json, WorkflowCommand.StartExecution.class);
        // then
        assertThat(unsaid.waitAfterFail()).isNull();
        assertThat(MAPPER.writeValueAsString(unsaid)).doesNotContain("waitAfterFail");
        assertThat(said.waitAfterFail()).isEqualTo(30);
        assertThat(MAPPER.writeValueAsString(said)).contains("\"waitAfterFail\":30");
    }

    @ParameterizedTest
    @MethodSource("events")
    void routingFollowsTheConvention(Event event) {
        if (event.exchange().equals(Event.EVENTS)) {
            String tenant = event.tenant();
            assertThat(event.routingKey()).isEqualTo(event.type() + "." + (tenant == null ? "_" : tenant));
        } else {
            assertThat(event.exchange()).isEqualTo(Event.COMMANDS);
            assertThat(event.routingKey()).matches("[a-z]+\\.[a-z]+\\.[a-z]+");
        }
        assertThat(event.type()).matches("[a-z.]+\\.v[1-9][0-9]*");
    }

    @Test
    void everyEventHasAGoldenFileAndIsInTheDocument() throws IOException {
        // given
        List<Class<?>> records = Stream.of(
                        SnapshotEvent.class,
                        RestoreEvent.class,
                        ExecutionEvent.class,
                        ScheduleEvent.class,
                        MaintenanceEvent.class,
                        ClusterEvent.class,
                        SchedulerCommand.class,
                        WorkflowCommand.class)
                .flatMap(family -> Stream.of(family.getPermittedSubclasses()))
                .toList();
        String document = Files.readString(Path.of("..", "..", "docs", "events.md"));
        // then
        assertThat(events().map(Object::getClass).toList()).hasSameElementsAs(records);
        events().forEach(event -> assertThat(document).contains("`" + event.type() + "`"));
        for (Event event : events().toList()) {
            assertThat(document.lines().map(String::strip).toList())
                    .as("the example of " + event.type() + " in docs/events.md")
                    .contains(MAPPER.writeValueAsString(golden(event)));
        }
    }

    private static JsonNode golden(Event event) throws IOException {
        String name = "/events/" + event.type() + ".json";
        try (InputStream in = GoldenEventsTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return MAPPER.readTree(in);
        }
    }
}
