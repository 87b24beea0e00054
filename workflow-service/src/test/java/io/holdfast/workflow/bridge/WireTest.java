package io.holdfast.workflow.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.events.ExecutionEvent;
import io.holdfast.contracts.events.SchedulerCommand.RecordEvents;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import io.holdfast.testsupport.MessageDocument;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each form of message against its golden file. */
class WireTest {

    private static final Instant NOON = Instant.parse("2026-03-13T12:00:00.123Z");
    private static final List<String> HOSTS = List.of("10.0.0.1", "10.0.0.2");
    private static final Workflow BACKUP = new Workflow(
            "shop",
            "The shop",
            "web-shop",
            "bob",
            Map.of("team", "shop"),
            true,
            "shop.workflows.backup",
            "shop",
            "shop-plugin",
            "1.2",
            null);

    @Test
    void aStartSaysAllThatAWorkerNeeds() {
        // when
        Letter letter = StartTask.of(start(), BACKUP, HOSTS, 443);
        // then
        assertThat(Golden.tree(letter.bodyWith("TOKEN"))).isEqualTo(Golden.json("start"));
        assertThat(letter.kind().exchange()).isEqualTo("cloudify.management");
        assertThat(letter.kind().routingKey()).isEqualTo("workflow");
    }

    @Test
    void aWorkerWaitsAfterAFailureAsLongAsTheRequestSaid() {
        // given
        StartExecution start = new StartExecution(
                "e1", "t1", "backup", "shop", null, null, Map.of(), false, false, false, "alice", "dispatch", 3, 2, 30);
        // when
        JsonNode body = Golden.tree(StartTask.of(start, BACKUP, HOSTS, 443).body());
        // then
        assertThat(body.at("/cloudify_task/kwargs/__cloudify_context/wait_after_fail")
                        .asInt())
                .isEqualTo(30);
    }

    @Test
    void aLetterIsKeptWithoutAToken() {
        // when
        Letter letter = StartTask.of(start(), BACKUP, HOSTS, 443);
        // then
        assertThat(letter.body().toString()).doesNotContain("token");
        letter.bodyWith("TOKEN");
        assertThat(letter.body().toString()).doesNotContain("token");
    }

    @Test
    void whatWorkersRunForTheManagerIsOfNoDeployment() {
        // when
        Workflow update = Workflow.ofManager("update_plugin").orElseThrow();
        String body = String.valueOf(
                Golden.tree(StartTask.of(start(), update, HOSTS, 443).bodyWith("TOKEN")));
        // then
        assertThat(body)
                .contains("\"task_name\":\"cloudify_system_workflows.plugins.update\"", "\"deployment_id\":null");
        assertThat(Workflow.ofManager("backup")).isEmpty();
    }

    @Test
    void aKillGoesToEveryWorker() {
        // when
        List<Letter> letters = CancelTask.of(new StopExecution("e1", "t1", "kill", "dispatch", 3), HOSTS);
        // then
        assertThat(letters)
                .extracting(letter -> Golden.tree(letter.bodyWith("TOKEN")))
                .containsExactly(Golden.json("cancel"), Golden.json("cancel-list"));
        assertThat(letters).allSatisfy(letter -> {
            assertThat(letter.kind().exchange()).isEqualTo("cloudify-mgmtworker-service");
            assertThat(letter.kind().routingKey()).isEqualTo("service");
            assertThat(letter.body().toString()).doesNotContain("token");
        });
    }

    @Test
    void listenersAreToldWhatBecomesOfExecutions() {
        assertHook("hook-queued", new ExecutionEvent.Queued("e1", "t1", "backup", "shop", "DEPLOYMENT_BUSY", NOON));
        assertHook("hook-started", new ExecutionEvent.Started("e1", "t1", "backup", NOON));
        assertHook("hook-succeeded", new ExecutionEvent.Succeeded("e1", "t1", "backup", NOON));
        assertHook(
                "hook-failed",
                new ExecutionEvent.Failed("e1", "t1", "backup", "WORKFLOW_FAILED", "no space left", NOON));
        assertHook("hook-cancelled", new ExecutionEvent.Cancelled("e1", "t1", "backup", null, NOON));
    }

    private static void assertHook(String golden, ExecutionEvent fact) {
        Letter letter = Hook.of(
                        fact, new KnownExecution(false, "web-shop", "shop", Map.of("target", "nightly"), "alice"))
                .orElseThrow();
        assertThat(Golden.tree(letter.body())).isEqualTo(Golden.json(golden));
        assertThat(letter.bodyWith("TOKEN").toString()).doesNotContain("TOKEN");
        assertThat(letter.kind().exchange()).isEqualTo("cloudify-events-topic");
        assertThat(letter.kind().routingKey()).isEqualTo("events.hooks");
    }

    @Test
    void aHookOnSomebodysBehalfCarriesTheTokenAndNothingElseMore() {
        // when
        Letter letter = Hook.of(new ExecutionEvent.Started("e1", "t1", "backup", NOON), null)
                .orElseThrow()
                .onBehalfOf("alice");
        // then
        JsonNode body = Golden.tree(letter.bodyWith("TOKEN"));
        assertThat(body.at("/context/rest_token").asText()).isEqualTo("TOKEN");
        ((ObjectNode) body.get("context")).putNull("rest_token");
        assertThat(body).isEqualTo(Golden.tree(letter.body()));
    }

    @Test
    void workersAreToldToInstallAndToRemoveAPlugin() {
        // given
        Map<String, Object> plugin = new LinkedHashMap<>();
        plugin.put("id", "p1");
        plugin.put("package_name", "net");
        plugin.put("package_version", "1.0");
        plugin.put("visibility", "tenant");
        // when
        Letter install = PluginTask.INSTALL.letter("t1", "alice", plugin, List.of("m1", "m2"), HOSTS);
        Letter uninstall = PluginTask.UNINSTALL.letter("t1", "alice", plugin, List.of("m1", "m2"), HOSTS);
        // then
        assertThat(Golden.tree(install.bodyWith("TOKEN"))).isEqualTo(Golden.json("install-plugin"));
        assertThat(Golden.tree(uninstall.bodyWith("TOKEN"))).isEqualTo(Golden.json("uninstall-plugin"));
        assertThat(List.of(install, uninstall)).allSatisfy(letter -> {
            assertThat(letter.kind().exchange()).isEqualTo("cloudify-mgmtworker-service");
            assertThat(letter.kind().routingKey()).isEqualTo("service");
            assertThat(letter.body().toString()).doesNotContain("token");
        });
    }

    @Test
    void anExecutionThatIsGoneIsToldOfAllTheSame() {
        assertThat(Hook.of(new ExecutionEvent.Succeeded("e1", "t1", "backup", NOON), null))
                .hasValueSatisfying(letter -> assertThat(Golden.tree(letter.body())
                                .at("/context/deployment_id")
                                .isNull())
                        .isTrue());
    }

    @Test
    void listenersAreNotToldOfWhatTheProductHasNoWordFor() {
        assertThat(Hook.of(new ExecutionEvent.Rescheduled("e1", "t1", "backup", NOON, 2), null))
                .isEmpty();
        assertThat(Hook.of(new ExecutionEvent.Resumed("e1", "t1", "backup", "USER", 2, NOON), null))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "start, cloudify.start",
        "cancel, cloudify.kill",
        "cancel-list, cloudify.kill-list",
        "install-plugin, cloudify.install-plugin",
        "uninstall-plugin, cloudify.uninstall-plugin",
        "hook-queued, cloudify.hook",
        "hook-started, cloudify.hook",
        "hook-succeeded, cloudify.hook",
        "hook-failed, cloudify.hook",
        "hook-cancelled, cloudify.hook",
        "event, cloudify.event",
        "log, cloudify.log"
    })
    void eachGoldenFileIsWhatTheDocumentSays(String golden, String name) {
        MessageDocument document = MessageDocument.load();
        assertThat(document.bodyProblems(name, Golden.json(golden).toString())).isEmpty();
        assertThat(document.bodyProblems(name, "{}")).isNotEmpty();
    }

    @Test
    void anEventIsALineOfTheJournal() throws Report.NotAReport {
        assertThat(Report.read(Golden.map("event")))
                .contains(new RecordEvents(
                        "e1",
                        "t1",
                        List.of(new RecordEvents.Entry(
                                "cloudify_event",
                                Instant.parse("2026-03-13T12:00:01.250Z"),
                                "task_succeeded",
                                null,
                                null,
                                "Task succeeded 'shop.tasks.dump'",
                                "app_x1",
                                "app",
                                "shop.interfaces.backup"))));
    }

    @Test
    void aLogIsALineOfTheJournal() throws Report.NotAReport {
        assertThat(Report.read(Golden.map("log")))
                .contains(new RecordEvents(
                        "e1",
                        "t1",
                        List.of(new RecordEvents.Entry(
                                "cloudify_log",
                                Instant.parse("2026-03-13T12:00:02.500Z"),
                                null,
                                "ctx.4f0c",
                                "info",
                                "dumped 12 tables",
                                null,
                                null,
                                "shop.interfaces.backup"))));
    }

    @Test
    void ourOwnHooksAreNoNews() throws Report.NotAReport {
        assertThat(Report.read(Golden.map("hook-failed"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-03-13T12:00:01.25Z",
                "2026-03-13T12:00:01.250000",
                "2026-03-13 12:00:01.250",
                "2026-03-13T14:00:01.250+02:00"
            })
    void timesAreReadAsWorkersOfAllVersionsWriteThem(String time) throws Report.NotAReport {
        Map<String, Object> event = Golden.map("event");
        event.put("timestamp", time);
        assertThat(Report.read(event).orElseThrow().entries().get(0).at())
                .isEqualTo(Instant.parse("2026-03-13T12:00:01.250Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"type", "event_type", "timestamp", "context", "message"})
    void whatLacksSomethingIsNoReport(String key) {
        Map<String, Object> event = Golden.map("event");
        event.remove(key);
        assertThatThrownBy(() -> Report.read(event))
                .isInstanceOf(Report.NotAReport.class)
                .hasMessageContaining(key);
    }

    @Test
    void aReportWithoutExecutionOrTenantIsNone() {
        for (String key : List.of("execution_id", "tenant")) {
            Map<String, Object> event = Golden.map("event");
            Map<String, Object> context = new LinkedHashMap<>();
            ((Map<?, ?>) event.get("context")).forEach((name, value) -> context.put(String.valueOf(name), value));
            context.remove(key);
            event.put("context", context);
            assertThatThrownBy(() -> Report.read(event))
                    .isInstanceOf(Report.NotAReport.class)
                    .hasMessageContaining(key);
        }
    }

    private static StartExecution start() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("target", "nightly");
        parameters.put("keep", Map.of("days", 14, "sizes", Arrays.asList(1, 2.5, null)));
        return new StartExecution(
                "e1",
                "t1",
                "backup",
                "shop",
                "The shop",
                "web-shop",
                parameters,
                false,
                false,
                true,
                "alice",
                "dispatch",
                3,
                2,
                null);
    }
}
