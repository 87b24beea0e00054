package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.holdfast.testsupport.RabbitMqServer;
import io.holdfast.testsupport.Requirements;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Messages that nobody honest sends, on every queue of a whole manager: each is answered, or is a dead letter with its reason; none holds
 * up a queue, and the manager does its work behind them as before.
 */
class HostileMessagesE2E {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String UNREADABLE = "UNREADABLE";
    private static final String SCHEMA_VIOLATION = "SCHEMA_VIOLATION";
    private static final String REQUESTS = "gateway.requests";

    /** Every queue that a service consumes, with a message that its service handles. */
    private static final Map<String, String> QUEUES = Map.of(
            "scheduler.commands",
            "scheduler.execution.outcome.v1",
            "scheduler.events",
            "snapshot.requested.v1",
            "workflow.commands",
            "workflow.execution.start.v1",
            "workflow.events",
            "restore.completed.v1",
            "restore.events",
            "snapshot.created.v1",
            REQUESTS,
            "request.execution.start.v1");

    @TempDir
    Path folder;

    /** What is sent, and why it is refused by a service that handles its type. */
    private record Hostile(BasicProperties properties, byte[] body, String reason) {

        static Hostile of(String type, String body, String reason) {
            return of(type, body.getBytes(StandardCharsets.UTF_8), reason);
        }

        static Hostile of(String type, byte[] body, String reason) {
            return new Hostile(
                    new BasicProperties.Builder()
                            .messageId(UUID.randomUUID().toString())
                            .type(type)
                            .contentType("application/json")
                            .deliveryMode(2)
                            .build(),
                    body,
                    reason);
        }

        /** As it is, under an id of its own, with other properties. */
        Hostile with(UnaryOperator<BasicProperties.Builder> change) {
            BasicProperties.Builder fresh =
                    properties.builder().messageId(UUID.randomUUID().toString());
            return new Hostile(change.apply(fresh).build(), body, reason);
        }
    }

    /** By what is hostile about it. */
    private static Map<String, Hostile> kinds(String type) {
        byte[] garbage = new byte[4_096];
        new Random(17).nextBytes(garbage);
        Map<String, Object> headers = new HashMap<>();
        for (int i = 0; i < 90; i++) {
            headers.put("junk-" + i, "x".repeat(1_000));
        }
        headers.put("cloudEvents_id", List.of(Map.of("not", "a text")));
        headers.put("x-death", "not a list");
        Hostile empty = Hostile.of(type, "{}", SCHEMA_VIOLATION);
        Map<String, Hostile> kinds = new LinkedHashMap<>();
        kinds.put("not JSON", Hostile.of(type, "this is no JSON", UNREADABLE));
        kinds.put("nothing", Hostile.of(type, "", UNREADABLE));
        kinds.put("null", Hostile.of(type, "null", UNREADABLE));
        kinds.put("binary garbage", Hostile.of(type, garbage, UNREADABLE));
        kinds.put(
                "deep JSON",
                Hostile.of(type, "{\"added\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}", UNREADABLE));
        kinds.put("a list", Hostile.of(type, "[1, 2]", SCHEMA_VIOLATION));
        kinds.put("no fields", Hostile.of(type, "{}", SCHEMA_VIOLATION));
        kinds.put("unknown version", Hostile.of(type.replaceFirst("v1$", "v99"), "{}", "UNKNOWN_VERSION"));
        kinds.put("no type", Hostile.of(type, "{}", "UNKNOWN_TYPE").with(properties -> properties.type(null)));
        kinds.put("10 MB", Hostile.of(type, new byte[10 << 20], "TOO_LARGE"));
        kinds.put(
                "wrong content type",
                empty.with(properties -> properties.contentType("text/klingon").contentEncoding("none of them")));
        kinds.put("huge headers", empty.with(properties -> properties.headers(headers)));
        kinds.put(
                "forged reply-to",
                empty.with(properties -> properties.replyTo("hostile.replies").correlationId("someone else's")));
        return kinds;
    }

    @Test
    void noneHoldsUpAQueueAndEachIsAnsweredOrADeadLetterWithItsReason() throws Exception {
        Requirements.rabbitMq();
        try (RabbitMqServer broker = RabbitMqServer.startManaged();
                Stack stack = Stack.start(
                        folder.resolve("data"),
                        List.of("--broker", broker.url()),
                        Map.of("HOLDFAST_BROKER_MANAGEMENT_URL", broker.managementUrl()))) {
            // given
            SmallManager.into(stack, folder);
            Map<String, String> expected = new TreeMap<>();
            Map<String, String> kindOf = new HashMap<>();
            try (Connection connection = connect(broker.url());
                    Channel channel = connection.createChannel()) {
                channel.queueDeclare("hostile.replies", true, false, false, null);
                channel.confirmSelect();
                // when
                for (Map.Entry<String, String> queue : QUEUES.entrySet()) {
                    for (Map.Entry<String, Hostile> kind :
                            kinds(queue.getValue()).entrySet()) {
                        Hostile hostile = kind.getValue();
                        String id = hostile.properties().getMessageId();
                        if (!queue.getKey().equals(REQUESTS)) {
                            expected.put(id, hostile.reason());
                        }
                        kindOf.put(id, kind.getKey() + " on " + queue.getKey());
                        channel.basicPublish("", queue.getKey(), true, hostile.properties(), hostile.body());
                    }
                    channel.basicPublish("", queue.getKey(), true, null, new byte[] {0, -1});
                }
                channel.waitForConfirmsOrDie(120_000);
            }
            // then: the manager does its work behind them
            assertThatWorkIsDone(stack);
            // and
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(named(kindOf, dead(stack.api()))).containsAllEntriesOf(named(kindOf, expected)));
            // and: a request's id is its producer's own, and nobody vouches for a producer of these
            int requests = kinds(QUEUES.get(REQUESTS)).size() + 1;
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(reasonsOfRequests(stack.api()))
                            .hasSize(requests)
                            .containsOnly("UNKNOWN_PRODUCER"));
            try (Connection connection = connect(broker.url());
                    Channel channel = connection.createChannel()) {
                for (String queue : QUEUES.keySet()) {
                    await(queue).atMost(PATIENCE).until(() -> channel.messageCount(queue) == 0);
                }
                assertThat(channel.messageCount("hostile.replies")).isZero();
            }
            // and: what a producer sends who is known is answered
            assertThatAProducerIsAnswered(stack.api());
        }
    }

    private static Map<String, String> named(Map<String, String> kindOf, Map<String, String> reasons) {
        return reasons.entrySet().stream()
                .filter(entry -> kindOf.containsKey(entry.getKey()))
                .collect(Collectors.toMap(
                        entry -> kindOf.get(entry.getKey()), Map.Entry::getValue, (one, other) -> other, TreeMap::new));
    }

    /** Reasons of dead letters by the id of their message. */
    private static Map<String, String> dead(Api api) {
        Map<String, String> reasons = new HashMap<>();
        for (JsonNode letter : api.items("/api/holdfast/v1/dead-letters?state=dead&_size=500")) {
            assertThat(letter.get("error").asText()).as(letter.toString()).isNotBlank();
            reasons.put(letter.get("message_id").asText(), letter.get("reason").asText());
        }
        return reasons;
    }

    private static List<String> reasonsOfRequests(Api api) {
        return api.items("/api/holdfast/v1/dead-letters?state=dead&_size=500&consumer=" + REQUESTS).stream()
                .map(letter -> letter.get("reason").asText())
                .toList();
    }

    /** Passes every queue of the services' own: a start and its outcome, a snapshot, a restore. */
    private static void assertThatWorkIsDone(Stack stack) {
        Api api = stack.api();
        Api.Answer started =
                api.post("/api/v3.1/executions", "{\"deployment_id\": \"shop\", \"workflow_id\": \"backup\"}");
        assertThat(started.status()).as(started.body()).isEqualTo(201);
        String due = started.json().get("id").asText();
        await("an execution runs")
                .atMost(PATIENCE)
                .until(() -> api.getOk("/api/v3.1/executions/" + due)
                        .get("status")
                        .asText()
                        .equals("failed"));
        api.createSnapshot("behind");
        api.awaitNoSnapshotRuns();
        assertThat(api.restore("behind", "{\"force\": true}").get("status").asText())
                .isEqualTo("completed");
    }

    private static void assertThatAProducerIsAnswered(Api api) throws Exception {
        Api.Answer added = api.put(
                "/api/holdfast/v1/producers/acme", "{\"username\": \"admin\", \"tenants\": [\"default_tenant\"]}");
        assertThat(added.status()).as(added.body()).isEqualTo(201);
        String url = added.json().get("url").asText();
        Map<String, Integer> statuses = Map.of(
                "not JSON", 400,
                "binary garbage", 400,
                "deep JSON", 400,
                "a list", 400,
                "no fields", 400,
                "unknown version", 400,
                "10 MB", 413);
        try (Connection connection = connect(url);
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("reply.acme", false, true, true, null);
            channel.confirmSelect();
            Map<String, Hostile> kinds = kinds("request.execution.start.v1");
            for (String kind : statuses.keySet()) {
                Hostile hostile = kinds.get(kind);
                channel.basicPublish(
                        "holdfast.requests",
                        "request.default_tenant.execution.start",
                        hostile.properties()
                                .builder()
                                .userId("acme")
                                .replyTo("reply.acme")
                                .correlationId(kind)
                                .build(),
                        hostile.body());
            }
            channel.waitForConfirmsOrDie(60_000);
            Map<String, Integer> answered = new HashMap<>();
            await("all are answered").atMost(PATIENCE).until(() -> {
                GetResponse got = channel.basicGet("reply.acme", true);
                if (got != null) {
                    assertThat(got.getProps().getType()).isEqualTo("reply.refused.v1");
                    answered.put(
                            got.getProps().getCorrelationId(),
                            Api.JSON.readTree(got.getBody()).get("status").asInt());
                }
                return answered.size() == statuses.size();
            });
            assertThat(answered).isEqualTo(statuses);
        }
        assertThatAnothersTenantIsRefused(api, url);
    }

    /** By the broker, which knows the producer's rights; and a reply into another's queue by the gateway. */
    private static void assertThatAnothersTenantIsRefused(Api api, String url) throws Exception {
        BasicProperties.Builder request =
                new BasicProperties.Builder().type("request.execution.start.v1").userId("acme");
        byte[] body = "{\"deployment\": \"shop\", \"workflow\": \"backup\"}".getBytes(StandardCharsets.UTF_8);
        try (Connection connection = connect(url)) {
            Channel elsewhere = connection.createChannel();
            elsewhere.basicPublish(
                    "holdfast.requests",
                    "request.research.execution.start",
                    request.messageId("elsewhere").build(),
                    body);
            await("the broker closes the channel").atMost(PATIENCE).until(() -> !elsewhere.isOpen());
            assertThat(elsewhere.getCloseReason().getMessage()).contains("ACCESS_REFUSED");
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            channel.basicPublish(
                    "holdfast.requests",
                    "request.default_tenant.execution.start",
                    request.messageId("forged").replyTo("scheduler.commands").build(),
                    body);
            channel.waitForConfirmsOrDie(60_000);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(reasonsOfRequests(api)).contains("FORGED_REPLY_TO"));
    }

    private static Connection connect(String url) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(url);
        return factory.newConnection();
    }
}
