package io.holdfast.scheduler;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.holdfast.contracts.events.Event;
import io.holdfast.contracts.events.SnapshotEvent;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.IdentitySigner;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Messages that nobody honest sends: each is parked with its reason, none holds up the queue, and people decide about them. */
abstract class HostileMessages {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String LETTERS = "/internal/messaging/scheduler/dead-letters";
    private static final String TYPE = "snapshot.requested.v1";
    private static final String KEY = "snapshot.requested.v1.default_tenant";

    @Inject
    IdentitySigner signer;

    @ConfigProperty(name = "holdfast.broker.url")
    String brokerUrl;

    @Test
    void eachIsParkedWithItsReasonAndTheNextMessageIsHandled() throws Exception {
        // given
        Map<String, String> expected = new HashMap<>();
        String goodId = UUID.randomUUID().toString();
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            Sender sender = new Sender(channel, expected);
            // when
            sender.send("UNREADABLE", TYPE, "this is no JSON");
            sender.send("UNREADABLE", TYPE, "");
            sender.send("UNREADABLE", TYPE, "null");
            sender.send("UNREADABLE", TYPE, new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'});
            sender.send("UNREADABLE", TYPE, "{\"added\":" + "[".repeat(200_000));
            sender.send("SCHEMA_VIOLATION", TYPE, "[".repeat(200_000));
            sender.send("UNREADABLE", TYPE, "{\"includeLogs\":" + "9".repeat(5_000) + "}");
            sender.send("SCHEMA_VIOLATION", TYPE, "[1, 2]");
            sender.send("SCHEMA_VIOLATION", TYPE, "{\"snapshotId\": \"s\"}");
            sender.send("SCHEMA_VIOLATION", TYPE, "{\"snapshotId\": {\"deep\": 1}}");
            sender.send("UNKNOWN_VERSION", "snapshot.requested.v99", "{}");
            sender.send("UNKNOWN_TYPE", null, "{}");
            sender.send("TOO_LARGE", TYPE, new byte[10 << 20]);
            channel.basicPublish(
                    Event.EVENTS, KEY, true, junkProperties(), "neither id nor sense".getBytes(StandardCharsets.UTF_8));
            channel.basicPublish(Event.EVENTS, KEY, true, null, "no properties".getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(60_000);
        }
        try (Wire wire = new Wire(brokerUrl)) {
            wire.send(new SnapshotEvent.Requested(
                    "s", goodId, "default_tenant", "admin", true, true, true, Instant.parse("2026-01-01T00:00:00Z")));
        }
        // then: the good one behind all of them is handled
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(signed("GET", "/internal/scheduler/executions/" + goodId)
                                .getString("status"))
                        .isEqualTo("started"));
        // and: each of the others is there with its reason
        JsonPath list = signed("GET", LETTERS + "?state=dead");
        Map<String, String> reasons = new HashMap<>();
        for (Map<String, Object> letter : list.<Map<String, Object>>getList("items")) {
            reasons.put(String.valueOf(letter.get("message_id")), String.valueOf(letter.get("reason")));
            assertThat(String.valueOf(letter.get("error"))).isNotBlank();
        }
        assertThat(reasons).containsAllEntriesOf(expected);
        // One more: that without properties. The one whose type is junk is of a family that is not handled here.
        assertThat(list.getInt("metadata.pagination.total")).isGreaterThan(expected.size());
        assertThat(reasons).doesNotContainValue("FAILED");
    }

    @Test
    void factsInTheWrongOrderLeadToTheSameState() throws Exception {
        // given
        String ended = UUID.randomUUID().toString();
        String failed = UUID.randomUUID().toString();
        String last = UUID.randomUUID().toString();
        Instant begun = Instant.parse("2026-01-01T00:00:00Z");
        // when: what came last is told first
        try (Wire wire = new Wire(brokerUrl)) {
            wire.send(new SnapshotEvent.Created("s1", ended, "default_tenant", 7, "ab", begun.plusSeconds(9)));
            wire.send(new SnapshotEvent.Failed("s2", failed, "default_tenant", "no space left", begun.plusSeconds(9)));
            wire.send(new SnapshotEvent.Requested("s1", ended, "default_tenant", "admin", true, true, true, begun));
            wire.send(new SnapshotEvent.Requested("s2", failed, "default_tenant", "admin", true, true, true, begun));
            wire.send(new SnapshotEvent.Requested("s3", last, "default_tenant", "admin", true, true, true, begun));
        }
        // then: when the last one is handled, all are
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(signed("GET", "/internal/scheduler/executions/" + last)
                                .getString("status"))
                        .isEqualTo("started"));
        JsonPath created = signed("GET", "/internal/scheduler/executions/" + ended);
        assertThat(created.getString("status")).isEqualTo("terminated");
        assertThat(created.getString("ended_at")).isEqualTo("2026-01-01T00:00:09.000Z");
        assertThat(signed("GET", "/internal/scheduler/executions/" + failed).getString("status"))
                .isEqualTo("failed");
    }

    @Test
    void administratorsLookAtThemReplayAndDiscardThemAndNobodyElse() throws Exception {
        // given
        Map<String, String> sent = new HashMap<>();
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            Sender sender = new Sender(channel, sent);
            sender.send("UNREADABLE", TYPE, "{half");
            sender.send("TOO_LARGE", TYPE, new byte[5 << 20]);
            channel.waitForConfirmsOrDie(60_000);
        }
        await().atMost(PATIENCE).until(() -> sent.keySet().stream().allMatch(id -> find(id) != null));
        Map<String, Object> half = find(id(sent, "UNREADABLE"));
        Map<String, Object> large = find(id(sent, "TOO_LARGE"));
        // then
        JsonPath shown = signed("GET", LETTERS + "/" + half.get("id"));
        assertThat(shown.getString("payload")).isEqualTo("{half");
        assertThat(shown.getString("consumer")).isEqualTo("scheduler.events");
        assertThat(large).containsEntry("payload_cut", true).containsEntry("payload_bytes", 5 << 20);
        // when: what is whole can be replayed, and dies of the same again
        assertThat(signed("POST", LETTERS + "/" + half.get("id") + "/replay").getString("decided_by"))
                .isEqualTo("admin");
        await().atMost(PATIENCE)
                .until(() -> "dead".equals(find(id(sent, "UNREADABLE")).get("state")));
        // and: what is cut cannot
        status("POST", LETTERS + "/" + large.get("id") + "/replay", admin(), 409);
        assertThat(signed("POST", LETTERS + "/" + large.get("id") + "/discard").getString("state"))
                .isEqualTo("discarded");
        status("POST", LETTERS + "/" + large.get("id") + "/discard", admin(), 409);
        status("GET", LETTERS + "/987654321", admin(), 404);
        status("GET", LETTERS + "/x", admin(), 404);
        status("GET", LETTERS + "?state=odd", admin(), 400);
        status("GET", "/internal/messaging/nosuch/dead-letters", admin(), 404);
        CallerIdentity user =
                new CallerIdentity("bob", false, "default_tenant", List.of(), List.of(), "http_basic", Instant.EPOCH);
        status("GET", LETTERS, user, 403);
        status("POST", LETTERS + "/" + half.get("id") + "/discard", user, 403);
        status("POST", LETTERS + "/discard", user, 403);
    }

    private static String id(Map<String, String> sent, String reason) {
        return sent.entrySet().stream()
                .filter(entry -> entry.getValue().equals(reason))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private Map<String, Object> find(String messageId) {
        return signed("GET", LETTERS).<Map<String, Object>>getList("items").stream()
                .filter(letter -> messageId.equals(letter.get("message_id")))
                .findFirst()
                .orElse(null);
    }

    /** Sends, and remembers what should become of it. */
    private record Sender(Channel channel, Map<String, String> expected) {

        void send(String reason, String type, String body) throws java.io.IOException {
            send(reason, type, body.getBytes(StandardCharsets.UTF_8));
        }

        void send(String reason, String type, byte[] body) throws java.io.IOException {
            String id = UUID.randomUUID().toString();
            expected.put(id, reason);
            channel.basicPublish(
                    Event.EVENTS,
                    KEY,
                    true,
                    new AMQP.BasicProperties.Builder()
                            .messageId(id)
                            .type(type)
                            .replyTo("scheduler.commands")
                            .correlationId("someone else's")
                            .build(),
                    body);
        }
    }

    private static AMQP.BasicProperties junkProperties() {
        Map<String, Object> headers = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            headers.put(
                    "junk-" + i, i % 2 == 0 ? List.of(i, "x", Map.of("deep", List.of(true))) : new byte[] {0, 1, 2});
        }
        headers.put("cloudEvents_id", Map.of("not", "a text"));
        headers.put("x-death", "not a list");
        return new AMQP.BasicProperties.Builder()
                .messageId("not a uuid \0 at all")
                .type("sn\0apshot.requested.v1")
                .contentType("text/klingon")
                .contentEncoding("none of them")
                .correlationId("\0")
                .timestamp(new Date(-1))
                .priority(255)
                .headers(headers)
                .build();
    }

    private Connection connect() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(brokerUrl);
        return factory.newConnection();
    }

    private static CallerIdentity admin() {
        return new CallerIdentity("admin", true, "default_tenant", null, List.of(), "http_basic", Instant.EPOCH);
    }

    private JsonPath signed(String method, String path) {
        return status(method, path, admin(), 200);
    }

    private JsonPath status(String method, String path, CallerIdentity caller, int status) {
        IdentitySigner.Headers headers = signer.signNow(caller, method, path.replaceFirst("\\?.*", ""));
        return given().header(IdentitySigner.IDENTITY_HEADER, headers.identity())
                .header(IdentitySigner.SIGNATURE_HEADER, headers.signature())
                .contentType("application/json")
                .request(method, path)
                .then()
                .statusCode(status)
                .extract()
                .jsonPath();
    }
}
