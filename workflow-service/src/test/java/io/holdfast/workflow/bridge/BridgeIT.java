package io.holdfast.workflow.bridge;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.ExecutionEvent;
import io.holdfast.contracts.events.SchedulerCommand.RecordEvents;
import io.holdfast.contracts.events.SchedulerCommand.RecordWorkflowOutcome;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.ExecutionTokens;
import io.holdfast.http.IdentitySigner;
import io.holdfast.http.PluginTokens;
import io.holdfast.messaging.EventJson;
import io.holdfast.testsupport.HoldfastResources;
import io.holdfast.workflow.running.Database;
import io.holdfast.workflow.running.ManagerSide;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plays the attached worker, with nothing but an AMQP client. */
@QuarkusTest
@TestProfile(BridgeIT.Bridged.class)
@QuarkusTestResource(HoldfastResources.class)
class BridgeIT {

    private static final String STARTS = "cloudify.management_workflow";
    private static final String REPORTS = "cloudify-logs-events";
    private static final String EVENTS_EXCHANGE = "cloudify-events-topic";
    private static final String LOGS_EXCHANGE = "cloudify-logs";
    private static final String PLUGIN_TASK = """
            {"username": "alice", "managers": ["m1", "m2"],
             "plugin": {"id": "p1", "package_name": "net", "package_version": "1.0", "visibility": "tenant"}}
            """;
    private static final Instant NOON = Instant.parse("2026-03-13T12:00:00.123Z");

    /** With the bridge on, and services to ask. */
    public static final class Bridged implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "holdfast.workflow.bridge.enabled", "true",
                    "holdfast.workflow.bridge.rest-hosts", "10.0.0.1,10.0.0.2",
                    "holdfast.workflow.bridge.rest-port", "443",
                    "holdfast.workflow.bridge.plugin-token-lifetime", "PT30M");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(FakeManager.class));
        }
    }

    @ConfigProperty(name = "holdfast.broker.url")
    String brokerUrl;

    @Inject
    ExecutionTokens tokens;

    @Inject
    PluginTokens pluginTokens;

    @Inject
    IdentitySigner signer;

    @Inject
    @DataSource("workflow")
    AgroalDataSource dataSource;

    private ManagerSide manager;
    private Channel channel;
    private final List<String> workers = new ArrayList<>();
    private Database database;

    @BeforeEach
    void attach() throws Exception {
        database = new Database(dataSource);
        database.forgetEverything();
        database.execute("DELETE FROM workflow_control.bridge_letter");
        manager = new ManagerSide(brokerUrl, "scheduler.#");
        channel = manager.channel();
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(topologyIsThere()).isTrue());
        channel.queuePurge(STARTS);
    }

    @AfterEach
    void hangUp() throws Exception {
        // Closing the connection deletes them, too, but some time later: the next test would still have workers.
        for (String queue : workers) {
            channel.queueDelete(queue);
        }
        workers.clear();
        manager.close();
    }

    @Test
    void aStartedExecutionWaitsForAWorkerInExactlyTheFormThatItKnows() throws Exception {
        // when
        manager.send(start("e1", "backup", "dispatch-1", 2));
        // then
        GetResponse got = next(STARTS);
        assertBare(got.getProps());
        JsonNode body = Golden.tree(new String(got.getBody(), StandardCharsets.UTF_8));
        ObjectNode context = (ObjectNode) body.at("/cloudify_task/kwargs/__cloudify_context");
        String token = context.get("execution_token").asText();
        assertThat(tokens.verify(token)).hasValueSatisfying(claim -> {
            assertThat(claim.tenantName()).isEqualTo("t1");
            assertThat(claim.executionId()).isEqualTo("e1");
            assertThat(claim.isOf("dispatch-1")).isTrue();
        });
        assertThat(context.get("rest_token").asText()).isEqualTo(token);
        context.put("execution_token", "TOKEN").put("rest_token", "TOKEN");
        assertThat(body).isEqualTo(Golden.json("start"));
        assertThat(letters().toString()).doesNotContain(token);
    }

    @Test
    void theSameDispatchIsHandedOverOnce() throws Exception {
        // when
        manager.send(start("e1", "backup", "dispatch-1", 1));
        manager.send(start("e1", "backup", "dispatch-1", 1));
        assertThat(executionOf(next(STARTS))).isEqualTo("e1");
        manager.send(start("e2", "backup", "dispatch-2", 1));
        // then
        assertThat(executionOf(next(STARTS))).isEqualTo("e2");
    }

    @Test
    void theManagersOwnWorkflowRunsInADeploymentThatDoesNotDeclareIt() throws Exception {
        // when
        manager.send(start("e1", "csys_update_deployment", "dispatch-1", 1));
        // then
        JsonNode body = Golden.tree(new String(next(STARTS).getBody(), StandardCharsets.UTF_8));
        JsonNode context = body.at("/cloudify_task/kwargs/__cloudify_context");
        assertThat(context.get("task_name").asText())
                .isEqualTo("cloudify_system_workflows.deployment_environment.update_deployment");
        assertThat(context.get("deployment_id").asText()).isEqualTo("shop");
        assertThat(context.at("/plugin/name").isNull()).isTrue();
    }

    @Test
    void aWorkflowThatNoWorkerCanRunFailsAndSaysWhy() throws Exception {
        // when
        manager.send(start("e1", "unheard-of", "dispatch-1", 1));
        // then
        RecordWorkflowOutcome outcome =
                EventJson.read(manager.answers(1).get(0).getBody(), RecordWorkflowOutcome.class);
        assertThat(outcome.status()).isEqualTo("failed");
        assertThat(outcome.error()).contains("`shop`", "`unheard-of`");
        assertThat(outcome.token()).isEqualTo("dispatch-1");
    }

    @Test
    void aKillIsToldToTheWorkersAndACancelIsNot() throws Exception {
        // given
        String service = worker("cloudify-mgmtworker-service", "");
        manager.send(start("e1", "backup", "dispatch-1", 1));
        next(STARTS);
        // when
        manager.send(new StopExecution("e1", "t1", "cancel", "dispatch-1", 3));
        manager.send(new StopExecution("e1", "t1", "force-cancel", "dispatch-1", 3));
        manager.send(new StopExecution("e1", "t1", "kill", "dispatch-1", 3));
        // then
        GetResponse got = next(service);
        assertBare(got.getProps());
        JsonNode body = Golden.tree(new String(got.getBody(), StandardCharsets.UTF_8));
        ObjectNode kwargs = (ObjectNode) body.at("/service_task/kwargs");
        assertThat(tokens.verify(kwargs.get("execution_token").asText()))
                .hasValueSatisfying(claim -> assertThat(claim.executionId()).isEqualTo("e1"));
        kwargs.put("execution_token", "TOKEN").put("rest_token", "TOKEN");
        assertThat(body).isEqualTo(Golden.json("cancel"));
        JsonNode list = Golden.tree(new String(next(service).getBody(), StandardCharsets.UTF_8));
        ObjectNode listed = (ObjectNode) list.at("/service_task/kwargs");
        assertThat(tokens.verify(listed.get("rest_token").asText()))
                .hasValueSatisfying(claim -> assertThat(claim.executionId()).isEqualTo("e1"));
        listed.put("rest_token", "TOKEN");
        assertThat(list).isEqualTo(Golden.json("cancel-list"));
        assertThat(channel.basicGet(service, true)).isNull();
    }

    @Test
    void aKillThatNobodyHearsIsNotKeptForALaterRun() throws Exception {
        // given
        manager.send(start("e1", "backup", "dispatch-1", 1));
        next(STARTS);
        // when
        manager.send(new StopExecution("e1", "t1", "kill", "dispatch-1", 3));
        manager.send(new ExecutionEvent.Cancelled("e1", "t1", "backup", null, NOON));
        // then
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(database.texts("SELECT kind FROM workflow_control.bridge_letter"))
                        .isEmpty());
    }

    @Test
    void workersAreToldToInstallAPluginOnATokenForItAlone() throws Exception {
        // given
        String service = worker("cloudify-mgmtworker-service", "");
        // when
        pluginTask("install").then().statusCode(200).body("told", is(true));
        // then
        GetResponse got = next(service);
        assertBare(got.getProps());
        JsonNode body = Golden.tree(new String(got.getBody(), StandardCharsets.UTF_8));
        ObjectNode kwargs = (ObjectNode) body.at("/service_task/kwargs");
        String token = kwargs.get("rest_token").asText();
        assertThat(pluginTokens.verify(token)).hasValueSatisfying(claim -> {
            assertThat(claim.tenantName()).isEqualTo("t1");
            assertThat(claim.username()).isEqualTo("alice");
            assertThat(claim.pluginId()).isEqualTo("p1");
            assertThat(claim.expiresAt())
                    .isBetween(Instant.now().plusSeconds(1_500), Instant.now().plusSeconds(1_800));
        });
        kwargs.put("rest_token", "TOKEN");
        assertThat(body).isEqualTo(Golden.json("install-plugin"));
        assertThat(letters().toString()).doesNotContain(token);
    }

    @Test
    void anInstallationWaitsForAWorkerAndHoldsUpNobody() throws Exception {
        // when: nobody is there
        pluginTask("install").then().statusCode(200);
        manager.send(start("e1", "backup", "dispatch-1", 1));
        next(STARTS);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(database.texts("SELECT last_error FROM workflow_control.bridge_letter"
                                + " WHERE kind = 'install_plugin'"))
                        .containsExactly("no worker is attached"));
        // then
        String service = worker("cloudify-mgmtworker-service", "");
        assertThat(new String(next(service).getBody(), StandardCharsets.UTF_8)).contains("\"install-plugin\"");
    }

    @Test
    void theRemovalOfAPluginIsToldToThoseWhoAreThere() throws Exception {
        // when: nobody is there
        pluginTask("uninstall").then().statusCode(200);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(letters()).isEmpty());
        // and then somebody is
        String service = worker("cloudify-mgmtworker-service", "");
        pluginTask("uninstall").then().statusCode(200);
        // then
        JsonNode body = Golden.tree(new String(next(service).getBody(), StandardCharsets.UTF_8));
        ((ObjectNode) body.at("/service_task/kwargs")).put("rest_token", "TOKEN");
        assertThat(body).isEqualTo(Golden.json("uninstall-plugin"));
        assertThat(channel.basicGet(service, true)).isNull();
    }

    @Test
    void onlyServicesMayAskForTasksThatMakeTokens() {
        String path = "/internal/workflow/plugin-tasks/install";
        CallerIdentity alice = new CallerIdentity("alice", true, "t1", null, List.of(), "http_basic", Instant.now());
        call(alice, path, PLUGIN_TASK).then().statusCode(403);
        call(inventory(), path, "{\"username\": \"alice\"}").then().statusCode(400);
        call(inventory(), path.replace("install", "paint"), PLUGIN_TASK).then().statusCode(404);
    }

    private Response pluginTask(String task) {
        return call(inventory(), "/internal/workflow/plugin-tasks/" + task, PLUGIN_TASK);
    }

    private static CallerIdentity inventory() {
        return CallerIdentity.ofService("inventory", Instant.now()).in("t1");
    }

    private Response call(CallerIdentity caller, String path, String body) {
        IdentitySigner.Headers signed = signer.sign(caller, "POST", path);
        return given().header(IdentitySigner.IDENTITY_HEADER, signed.identity())
                .header(IdentitySigner.SIGNATURE_HEADER, signed.signature())
                .contentType("application/json")
                .body(body)
                .post(path);
    }

    @Test
    void listenersHearWhatBecomesOfExecutions() throws Exception {
        // given
        String hooks = worker(EVENTS_EXCHANGE, "events.hooks");
        // when
        manager.send(new ExecutionEvent.Started("e1", "t1", "backup", NOON));
        // then
        GetResponse got = next(hooks);
        assertBare(got.getProps());
        assertThat(Golden.tree(new String(got.getBody(), StandardCharsets.UTF_8)))
                .isEqualTo(Golden.json("hook-started"));
        // when
        manager.send(new ExecutionEvent.Failed("e1", "t1", "backup", "WORKFLOW_FAILED", "no space left", NOON));
        // then
        assertThat(Golden.tree(new String(next(hooks).getBody(), StandardCharsets.UTF_8)))
                .isEqualTo(Golden.json("hook-failed"));
    }

    @Test
    void eventsAndLogsOfWorkersGoToTheJournalOnceEach() throws Exception {
        // when
        report(EVENTS_EXCHANGE, "events.x.y", Golden.text("event"));
        report(EVENTS_EXCHANGE, "events.x.y", Golden.text("event"));
        RecordEvents event = EventJson.read(manager.answers(1).get(0).getBody(), RecordEvents.class);
        report(LOGS_EXCHANGE, "", Golden.text("log"));
        RecordEvents log = EventJson.read(manager.answers(1).get(0).getBody(), RecordEvents.class);
        // then
        assertThat(event.executionId()).isEqualTo("e1");
        assertThat(event.entries()).extracting(RecordEvents.Entry::eventType).containsExactly("task_succeeded");
        assertThat(log.entries()).extracting(RecordEvents.Entry::message).containsExactly("dumped 12 tables");
        assertThat(database.deadLetters()).isEmpty();
    }

    @Test
    void hooksOfOursDoNotComeBackAsNews() throws Exception {
        // when
        manager.send(new ExecutionEvent.Succeeded("e1", "t1", "backup", NOON));
        String hooks = worker(EVENTS_EXCHANGE, "events.hooks");
        manager.send(new ExecutionEvent.Cancelled("e1", "t1", "backup", null, NOON));
        next(hooks);
        report(LOGS_EXCHANGE, "", Golden.text("log"));
        // then
        RecordEvents first = EventJson.read(manager.answers(1).get(0).getBody(), RecordEvents.class);
        assertThat(first.entries()).extracting(RecordEvents.Entry::kind).containsExactly("cloudify_log");
        assertThat(database.deadLetters()).isEmpty();
    }

    /** In the other product, one such message holds a slot of its consumer for ever. */
    @Test
    void garbageIsParkedWithItsReasonAndBlocksNothing() throws Exception {
        // given: more than a consumer may hold at once
        List<String> garbage = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            garbage.add("{not json " + i);
        }
        garbage.add("[]");
        garbage.add("");
        garbage.add("null");
        garbage.add("{\"type\": \"cloudify_event\"}");
        garbage.add(Golden.text("event").replace("\"e1\"", "17"));
        garbage.add(Golden.text("event").replace("2026-03-13T12:00:01.250Z", "yesterday"));
        garbage.add("x".repeat(3_000_000));
        // when
        for (String body : garbage) {
            report(LOGS_EXCHANGE, "", body);
        }
        report(LOGS_EXCHANGE, "", Golden.text("log").replace("12 tables", UUID.randomUUID() + " tables"));
        // then
        RecordEvents log = EventJson.read(manager.answers(1).get(0).getBody(), RecordEvents.class);
        assertThat(log.entries()).hasSize(1);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(database.deadLetters()).hasSize(garbage.size()));
        assertThat(database.texts("SELECT DISTINCT reason FROM workflow_control.parked_message"
                        + " WHERE consumer = 'cloudify-logs-events'"))
                .containsExactlyInAnyOrder("UNREADABLE", "SCHEMA_VIOLATION");
    }

    @Test
    void startsThatTheBrokerLostAreHandedOverAgainUnlessAWorkerTookThem() throws Exception {
        // given
        manager.send(start("e1", "backup", "dispatch-1", 1));
        manager.send(start("e2", "backup", "dispatch-2", 1));
        next(STARTS);
        next(STARTS);
        manager.send(new ExecutionEvent.Started("e2", "t1", "backup", NOON));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(database.texts(
                                "SELECT execution_id FROM workflow_control.bridge_letter WHERE kind = 'start'"))
                        .containsExactly("e1"));
        // when
        channel.queueDelete(STARTS);
        manager.send(start("e3", "backup", "dispatch-3", 1));
        // then
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(topologyIsThere()).isTrue());
        assertThat(List.of(executionOf(next(STARTS)), executionOf(next(STARTS))))
                .containsExactlyInAnyOrder("e1", "e3");
    }

    /** The channel that takes reports is another than the one that hands over: the loss of either is noticed. */
    @Test
    void reportsAreTakenAgainAfterTheirQueueWasLost() throws Exception {
        // when
        channel.queueDelete(REPORTS);
        // then
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(topologyIsThere()).isTrue());
        report(LOGS_EXCHANGE, "", Golden.text("log"));
        RecordEvents log = EventJson.read(manager.answers(1).get(0).getBody(), RecordEvents.class);
        assertThat(log.entries()).extracting(RecordEvents.Entry::message).containsExactly("dumped 12 tables");
        manager.send(start("e1", "backup", "dispatch-1", 1));
        assertThat(executionOf(next(STARTS))).isEqualTo("e1");
    }

    @Test
    void anEndedExecutionIsHeldNoMore() throws Exception {
        // given
        manager.send(start("e1", "backup", "dispatch-1", 1));
        next(STARTS);
        // when
        manager.send(new ExecutionEvent.Succeeded("e1", "t1", "backup", Instant.parse("2999-01-01T00:00:00Z")));
        // then
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(database.texts("SELECT state FROM workflow_control.taken"))
                        .containsExactly("answered"));
    }

    private static StartExecution start(String id, String workflow, String token, int attempt) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("target", "nightly");
        parameters.put("keep", Map.of("days", 14, "sizes", Arrays.asList(1, 2.5, null)));
        return new StartExecution(
                id,
                "t1",
                workflow,
                "shop",
                null,
                null,
                parameters,
                false,
                false,
                true,
                "alice",
                token,
                3,
                attempt,
                null);
    }

    /** A queue as a worker or listener would bind it. */
    private String worker(String exchange, String routingKey) throws IOException {
        String queue = channel.queueDeclare().getQueue();
        channel.queueBind(queue, exchange, routingKey);
        workers.add(queue);
        return queue;
    }

    private void report(String exchange, String routingKey, String body) throws IOException {
        channel.basicPublish(exchange, routingKey, null, body.getBytes(StandardCharsets.UTF_8));
    }

    private GetResponse next(String queue) {
        return manager.next(queue);
    }

    private static String executionOf(GetResponse got) {
        return Golden.tree(new String(got.getBody(), StandardCharsets.UTF_8))
                .get("id")
                .asText();
    }

    private List<String> letters() throws Exception {
        return database.texts("SELECT body::text FROM workflow_control.bridge_letter");
    }

    /** Asks on a channel of its own: the broker closes it where the queue is not there. */
    private boolean topologyIsThere() throws IOException {
        return manager.hasQueues(STARTS, REPORTS);
    }

    private static void assertBare(BasicProperties properties) {
        assertThat(properties.getDeliveryMode()).isEqualTo(2);
        assertThat(properties.getContentType()).isNull();
        assertThat(properties.getMessageId()).isNull();
        assertThat(properties.getType()).isNull();
        assertThat(properties.getTimestamp()).isNull();
        assertThat(properties.getReplyTo()).isNull();
        assertThat(properties.getCorrelationId()).isNull();
        assertThat(properties.getAppId()).isNull();
        assertThat(properties.getHeaders()).isNullOrEmpty();
    }
}
