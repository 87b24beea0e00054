package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import io.holdfast.testsupport.MessageDocument;
import io.holdfast.testsupport.RabbitMqServer;
import io.holdfast.testsupport.Requirements;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A manager's whole life on a RabbitMQ that copies every message it is given: each is one that {@code docs/asyncapi.yaml} has, sent by
 * whom and to where it says, with properties, headers and body as it says; and all that the document has is seen, or is listed here with
 * the reason why not.
 */
class WireDocumentE2E {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String API = "/api/v3.1/";
    private static final String OWN = "/api/holdfast/v1/";

    /** What a manager on its own never sends. */
    private static final Map<String, String> NOT_SEEN = Map.of(
            "cluster.role.changed.v1", "only nodes of a cluster have roles",
            "cluster.node.changed.v1", "only a cluster has nodes",
            "scheduler.execution.heartbeat.v1",
                    "for workers that send heartbeats; an attached Cloudify worker does not");

    private final MessageDocument document = MessageDocument.load();
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @Test
    void everyMessageOfAManagersLifeIsInTheDocumentAndEveryMessageOfTheDocumentIsSent() throws Exception {
        Requirements.rabbitMq();
        try (RabbitMqServer broker = RabbitMqServer.startManaged();
                BrokerTrace trace = BrokerTrace.of(broker)) {
            List<String> options = List.of("--broker", broker.url());
            // when
            try (Stack stack = Stack.start(
                    folder.resolve("data"),
                    options,
                    Map.of("HOLDFAST_BROKER_MANAGEMENT_URL", broker.managementUrl()))) {
                SmallManager.into(stack, folder);
                schedules(stack.api());
                snapshotsAndRestores(stack);
                requests(stack.api(), trace);
                factsOnceMore(stack.api());
            }
            try (Stack stack = Stack.start(
                            folder.resolve("data"), options, Map.of("HOLDFAST_WORKFLOW_BRIDGE_ENABLED", "true"));
                    Connection connection = connect(broker.url());
                    Channel channel = connection.createChannel()) {
                attachedWorker(stack, channel);
                plugins(stack.api(), channel);
                awaitSeen(
                        trace,
                        "execution.cancelled.v1",
                        "cloudify.kill",
                        "cloudify.uninstall-plugin",
                        "cloudify.hook",
                        "scheduler.events.record.v1");
            }
            // then
            assertThat(problems(trace.published())).isEmpty();
            Set<String> expected = new TreeSet<>(document.types());
            expected.addAll(document.bridgeTypes());
            expected.removeAll(NOT_SEEN.keySet());
            assertThat(seen(trace)).isEqualTo(expected);

            // and: what the document does not have is found
            String id = UUID.randomUUID().toString();
            plant(broker, id);
            await().atMost(PATIENCE)
                    .until(() -> trace.published().stream()
                                    .filter(delivery ->
                                            id.equals(delivery.getProperties().getMessageId()))
                                    .count()
                            == 3);
            assertThat(problems(trace.published()))
                    .hasSize(3)
                    .anySatisfy(problem -> assertThat(problem).contains("no message snapshot.invented.v1"))
                    .anySatisfy(problem -> assertThat(problem).contains("exchange 'amq.topic'"))
                    .anySatisfy(problem -> assertThat(problem).contains("no message null"));
        }
    }

    /** One line for each message that is not as the document says. */
    private List<String> problems(List<Delivery> published) {
        List<String> lines = new ArrayList<>();
        for (Delivery delivery : published) {
            List<String> problems = new ArrayList<>(document.problems(delivery));
            String sender = String.valueOf(delivery.getProperties().getAppId());
            if (sender.startsWith("holdfast.")) {
                problems.addAll(document.senderProblems(delivery));
            }
            if (!problems.isEmpty()) {
                lines.add(problems + ": " + delivery.getProperties() + " "
                        + new String(delivery.getBody(), StandardCharsets.UTF_8));
            }
        }
        return lines;
    }

    private Set<String> seen(BrokerTrace trace) {
        return trace.published().stream().map(document::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private void awaitSeen(BrokerTrace trace, String... names) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(seen(trace)).contains(names));
    }

    private static void plant(RabbitMqServer broker, String id) throws Exception {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        BasicProperties invented = new BasicProperties.Builder()
                .messageId(id)
                .type("snapshot.invented.v1")
                .build();
        try (Connection connection = connect(broker.url());
                Channel channel = connection.createChannel()) {
            channel.basicPublish("holdfast.events", "snapshot.invented.v1.default_tenant", invented, body);
            channel.basicPublish("amq.topic", "snapshot.invented.v1.default_tenant", invented, body);
            channel.basicPublish(
                    "holdfast.events", "anything", invented.builder().type(null).build(), body);
        }
    }

    /** Made, changed, occurring, over, removed; and executions that are due and that are cancelled. */
    private static void schedules(Api api) {
        String deployment = "?deployment_id=shop";
        Instant soon = Instant.now().plusSeconds(15).truncatedTo(ChronoUnit.SECONDS);
        ok(
                api.put(
                        API + "execution-schedules/once" + deployment,
                        "{\"workflow_id\": \"backup\", \"since\": \"" + soon + "\", \"count\": 1}"),
                201);
        await("the schedule's execution")
                .atMost(PATIENCE)
                .until(() -> api.getOk(OWN + "schedules/once/runs" + deployment)
                                .get("items")
                                .size()
                        == 1);
        ok(api.post(OWN + "schedules/nightly-backup/pause" + deployment, "{\"note\": \"not now\"}"), 200);
        ok(api.post(OWN + "schedules/nightly-backup/resume" + deployment, "{}"), 200);
        ok(api.delete(API + "execution-schedules/once" + deployment), 204);
        String waiting = SmallManager.schedule(api, "backup", "2031-01-01T04:00:00.000Z");
        ok(api.post(API + "executions/" + waiting, "{\"action\": \"cancel\"}"), 200);
    }

    /** Made, restored with what had been scheduled and missed, undone, deleted; and each gone wrong. */
    private void snapshotsAndRestores(Stack stack) throws Exception {
        Api api = stack.api();
        SmallManager.schedule(api, "backup", "2031-01-01T04:00:00.000Z");
        Instant soon = Instant.now().plusSeconds(30);
        String overdue = SmallManager.schedule(
                api, "rotate_logs", soon.truncatedTo(ChronoUnit.MILLIS).toString());
        ok(
                api.put(
                        API + "execution-schedules/missed?deployment_id=shop",
                        "{\"workflow_id\": \"backup\", \"since\": \"" + soon.truncatedTo(ChronoUnit.SECONDS)
                                + "\", \"recurrence\": \"1 day\"}"),
                201);
        api.createSnapshot("evening");
        api.awaitNoSnapshotRuns();
        await("both are over here, which the snapshot does not know")
                .atMost(PATIENCE)
                .untilAsserted(() -> {
                    assertThat(api.items(OWN + "schedules/missed/runs?deployment_id=shop"))
                            .hasSize(1);
                    assertThat(api.getOk(API + "executions/" + overdue)
                                    .get("status")
                                    .asText())
                            .isEqualTo("failed");
                    assertThat(api.items(API + "executions?_get_all_results=true"))
                            .extracting(execution -> execution.get("status").asText())
                            .isSubsetOf("scheduled", "terminated", "failed", "cancelled");
                });
        String restore = api.restore("evening", "{\"force\": true}").get("id").asText();
        assertThat(api.getOk(API + "executions/" + overdue).get("status").asText())
                .isEqualTo("failed");
        ok(api.post(OWN + "restores/" + restore + "/undo", ""), 200);
        ok(api.post(API + "maintenance/activate", ""), 200);
        ok(api.post(API + "maintenance/deactivate", ""), 200);

        Path archives = stack.data().resolve("archives");
        api.createSnapshot("damaged");
        api.awaitNoSnapshotRuns();
        Files.writeString(archives.resolve("default_tenant/damaged.zip"), "no archive any more");
        assertThat(api.restore("damaged", "{\"force\": true}").get("status").asText())
                .isEqualTo("failed");
        ok(api.delete(API + "snapshots/damaged"), 200, 204);

        Path aside = archives.resolve(".aside");
        Files.move(aside, archives.resolve("away"), StandardCopyOption.ATOMIC_MOVE);
        Files.writeString(aside, "in the way");
        ok(api.put(API + "snapshots/hopeless", ""), 201);
        api.awaitSnapshot("hopeless", "failed");
        Files.delete(aside);
        Files.move(archives.resolve("away"), aside, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Every kind of request, with its answers. */
    private void requests(Api api, BrokerTrace trace) throws Exception {
        Api.Answer added =
                api.put(OWN + "producers/acme", "{\"username\": \"admin\", \"tenants\": [\"default_tenant\"]}");
        ok(added, 201);
        try (Connection connection = connect(added.json().get("url").asText());
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("reply.acme.wire", false, true, true, null);
            request(
                    channel,
                    "execution.start",
                    "{\"deployment\": \"shop\", \"workflow\": \"backup\", \"queue\": true, \"follow\": true}");
            request(
                    channel,
                    "schedule.put",
                    "{\"schedule\": \"wire\", \"deployment\": \"shop\", \"workflow\": \"backup\","
                            + " \"definition\": {\"since\": \"2031-01-01T04:00:00Z\", \"recurrence\": \"1 day\"}}");
            request(channel, "schedule.delete", "{\"schedule\": \"wire\", \"deployment\": \"shop\"}");
            request(channel, "snapshot.create", "{\"snapshot\": \"requested\"}");
            request(channel, "execution.get", "{\"execution_id\": \"no-such-execution\"}");
            request(channel, "execution.cancel", "{\"execution_id\": \"no-such-execution\", \"mode\": \"kill\"}");
            awaitSeen(trace, "reply.accepted.v1", "reply.refused.v1", "reply.progress.v1", "snapshot.created.v1");
        }
        api.awaitSnapshot("requested", "created");
    }

    private static void request(Channel channel, String kind, String body) throws Exception {
        channel.basicPublish(
                "holdfast.requests",
                "request.default_tenant." + kind,
                new BasicProperties.Builder()
                        .type("request." + kind + ".v1")
                        .messageId("wire-" + kind)
                        .userId("acme")
                        .replyTo("reply.acme.wire")
                        .correlationId("17")
                        .deliveryMode(2)
                        .contentType("application/json")
                        .headers(Map.of(
                                "deadline", Instant.now().plusSeconds(600).toString()))
                        .build(),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static void factsOnceMore(Api api) {
        Api.Answer answer = api.post(
                OWN + "events/replay",
                "{\"from\": \"" + Instant.now().minusSeconds(3600) + "\", \"type\": \"snapshot.created.v1\"}");
        ok(answer, 200);
        assertThat(answer.json().get("count").asInt()).as(answer.body()).isPositive();
    }

    /** What takes a worker: a start, an end, a place to wait for, a stop, a resume, and lines of the journal. */
    private void attachedWorker(Stack stack, Channel channel) throws Exception {
        Api api = stack.api();
        String service = channel.queueDeclare().getQueue();
        channel.queueBind(service, "cloudify-mgmtworker-service", "");
        // one that runs and ends, and one that has to wait for it
        String first = start(api);
        String token = take(channel, first);
        report(stack, first, token, "started");
        String second = SmallManager.schedule(
                api,
                "rotate_logs",
                Instant.now().plusSeconds(15).truncatedTo(ChronoUnit.MILLIS).toString());
        await("it waits")
                .atMost(PATIENCE)
                .until(() -> api.getOk(API + "executions/" + second)
                        .get("status")
                        .asText()
                        .equals("queued"));
        channel.basicPublish(
                "cloudify-events-topic",
                "events." + first,
                null,
                reported(first, "\"type\": \"cloudify_event\", \"event_type\": \"task_started\""));
        channel.basicPublish(
                "cloudify-logs",
                "",
                null,
                reported(first, "\"type\": \"cloudify_log\", \"logger\": \"ctx\", \"level\": \"info\""));
        report(stack, first, token, "terminated");
        // one that is killed
        String held = take(channel, second);
        report(stack, second, held, "started");
        ok(api.post(API + "executions/" + second, "{\"action\": \"cancel\"}"), 200);
        ok(api.post(API + "executions/" + second, "{\"action\": \"kill\"}"), 200);
        next(channel, service);
        report(stack, second, held, "cancelled");
        // and resumed
        ok(api.post(API + "executions/" + second, "{\"action\": \"resume\"}"), 200);
        report(stack, second, take(channel, second), "failed");
    }

    /** What attached workers are told of plugins. */
    private static void plugins(Api api, Channel channel) throws Exception {
        String service = channel.queueDeclare().getQueue();
        channel.queueBind(service, "cloudify-mgmtworker-service", "");
        Api.Answer uploaded = api.postBytes(API + "plugins?visibility=tenant", Wagon.of("net"));
        ok(uploaded, 201);
        String plugin = API + "plugins/" + uploaded.json().get("id").asText();
        ok(api.post(plugin, "{\"action\": \"install\", \"managers\": [\"m1\"]}"), 200);
        next(channel, service);
        ok(api.put(plugin, "{\"manager\": \"m1\", \"state\": \"installed\"}"), 200);
        ok(api.delete(plugin, "{\"force\": false}"), 204);
        next(channel, service);
    }

    private static String start(Api api) {
        Api.Answer answer = api.post(API + "executions", "{\"deployment_id\": \"shop\", \"workflow_id\": \"backup\"}");
        ok(answer, 201);
        return answer.json().get("id").asText();
    }

    /** Takes starts until it is that of {@code id}; answers its execution token. */
    private static String take(Channel channel, String id) throws Exception {
        while (true) {
            JsonNode task = Api.JSON.readTree(
                    next(channel, "cloudify.management_workflow").getBody());
            if (task.get("id").asText().equals(id)) {
                return task.at("/cloudify_task/kwargs/__cloudify_context/execution_token")
                        .asText();
            }
        }
    }

    private void report(Stack stack, String id, String token, String status) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stack.port() + API + "executions/" + id))
                        .header("Execution-Token", token)
                        .header("Tenant", "default_tenant")
                        .header("Content-Type", "application/json")
                        .method("PATCH", BodyPublishers.ofString("{\"status\": \"" + status + "\"}"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static byte[] reported(String id, String kind) {
        return ("{" + kind + ", \"timestamp\": \"2026-03-13T12:00:00.000Z\", \"context\": {\"execution_id\": \"" + id
                        + "\", \"tenant\": {\"name\": \"default_tenant\"}}, \"message\": {\"text\": \"line\"}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static GetResponse next(Channel channel, String queue) {
        AtomicReference<GetResponse> got = new AtomicReference<>();
        await("a message in " + queue).atMost(PATIENCE).until(() -> {
            got.set(channel.basicGet(queue, true));
            return got.get() != null;
        });
        return got.get();
    }

    private static Connection connect(String url) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(url);
        return factory.newConnection();
    }

    private static void ok(Api.Answer answer, Integer... statuses) {
        assertThat(answer.status()).as(answer.body()).isIn((Object[]) statuses);
    }
}
