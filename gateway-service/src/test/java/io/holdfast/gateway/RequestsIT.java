package io.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import io.holdfast.contracts.events.Event;
import io.holdfast.contracts.requests.Reply;
import io.holdfast.contracts.requests.Request;
import io.holdfast.gateway.requests.app.FollowExecutions;
import io.holdfast.testsupport.MessageDocument;
import io.holdfast.testsupport.OpenThings;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of an external producer, from the queue to the reply, on a real broker and database; the owning service is a stub. */
@QuarkusTest
class RequestsIT extends GatewayCase {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String QUEUE = "reply.acme";
    private static final String START_KEY = "request.shared.execution.start";
    private static final String START = "{\"deployment\": \"web\", \"workflow\": \"install\"}";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final MessageDocument DOCUMENT = MessageDocument.load();

    @Inject
    FollowExecutions follow;

    private final OpenThings open = new OpenThings();
    private FakeScheduler scheduler;
    private Connection connection;
    private Channel channel;
    private int sent;

    @BeforeEach
    void producer() throws Exception {
        Config config = ConfigProvider.getConfig();
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(config.getValue("holdfast.broker.url", String.class));
        connection = factory.newConnection();
        open.add(connection::abort);
        channel = connection.createChannel();
        channel.queueDeclare(QUEUE, true, false, false, null);
        channel.queuePurge(QUEUE);
        scheduler = new FakeScheduler(config.getValue("holdfast.scheduler.url", String.class));
        open.add(scheduler);
        producer("acme", 10_000);
    }

    private void producer(String clientId, int rate) throws SQLException {
        sql("DROP SCHEMA IF EXISTS cluster_control CASCADE; DELETE FROM gateway_control.producer; DELETE FROM"
                + " gateway_control.request; DELETE FROM gateway_control.parked_message; DELETE FROM"
                + " gateway_control.outbox; DELETE FROM gateway_control.followed_execution; INSERT INTO gateway_control.producer (client_id, broker_user, username,"
                + " tenants,"
                + " rate_per_second, tokens,"
                + " created_by)"
                + " VALUES"
                + " ('" + clientId + "', 'guest', 'alice', '{shared,default_tenant}', " + rate + ", "
                + rate + ", 'admin')");
    }

    @AfterEach
    void close() throws Exception {
        sql("DROP SCHEMA IF EXISTS cluster_control CASCADE; DELETE FROM gateway_control.producer");
        open.close();
    }

    @Test
    void startIsCarriedOutAsTheProducersUserAndAnswered() throws Exception {
        // when
        send(START_KEY, message("m1").build(), """
            {"deployment": "web", "workflow": "install", "parameters": {"n": 1}, "priority": 7, "queue": true,
             "scheduled_time": "2030-01-01T00:00:00Z", "added_later": "ignored"}
            """);
        // then
        Answer answer = answer();
        assertThat(answer.properties.getType()).isEqualTo(Reply.Accepted.TYPE);
        assertThat(answer.properties.getCorrelationId()).isEqualTo("m1");
        assertThat(answer.body.get("status").asText()).isEqualTo("scheduled");
        assertThat(answer.body.get("scheduled_for").asText()).isEqualTo("2030-01-01T00:00:00Z");
        assertThat(answer.body.get("duplicate").asBoolean()).isFalse();
        FakeScheduler.Submitted submitted = scheduler.submitted().get(0);
        assertThat(submitted.body())
                .containsEntry("id", answer.body.get("execution_id").asText())
                .containsEntry("parameters", Map.of("n", 1))
                .containsEntry("priority", 7)
                .containsEntry("queue", true)
                .doesNotContainKey("added_later");
        assertThat(submitted.caller().username()).isEqualTo("alice");
        assertThat(submitted.caller().tenant()).isEqualTo("shared");
        assertThat(submitted.caller().admin()).isFalse();
        assertThat(submitted.caller().authMethod()).isEqualTo("broker_user");
    }

    @Test
    void followedExecutionIsToldOnceWhenItStartsAndOnceWhenItEnds() throws Exception {
        // given
        String following = "{\"deployment\": \"web\", \"workflow\": \"install\", \"follow\": true}";
        send(START_KEY, message("m1").correlationId("order-17").build(), following);
        String id = answer().body.get("execution_id").asText();
        assertThat(scheduler.submitted().get(0).body()).doesNotContainKey("follow");
        // when: nothing has happened yet, then it starts, then it fails; and each time somebody looks twice
        follow.follow();
        for (Map<String, Object> change : List.<Map<String, Object>>of(
                Map.of("status", "started", "started_at", "2026-03-13T04:00:01.000Z"),
                Map.of("status", "failed", "ended_at", "2026-03-13T04:00:07.000Z", "error", "no space left"))) {
            scheduler.executions().get(id).putAll(change);
            follow.follow();
            follow.follow();
        }
        // then
        Answer started = answer();
        assertThat(started.properties.getType()).isEqualTo(Reply.Progress.TYPE);
        assertThat(started.properties.getCorrelationId()).isEqualTo("order-17");
        assertThat(started.body.get("status").asText()).isEqualTo("started");
        assertThat(started.body.has("error")).isFalse();
        Answer failed = answer();
        assertThat(failed.body.get("execution_id").asText()).isEqualTo(id);
        assertThat(failed.body.get("status").asText()).isEqualTo("failed");
        assertThat(failed.body.get("at").asText()).isEqualTo("2026-03-13T04:00:07.000Z");
        assertThat(failed.body.get("error").asText()).isEqualTo("no space left");
        // and the same request again is answered, but does not follow a second time
        send(START_KEY, message("m1").build(), following);
        assertThat(answer().body.get("duplicate").asBoolean()).isTrue();
        assertThat(count("SELECT count(*) FROM gateway_control.followed_execution"))
                .isZero();
        follow.follow();
        assertThat(channel.basicGet(QUEUE, true)).isNull();
    }

    @Test
    void followingNeedsAReplyQueueHasALimitAndEndsSomeTime() throws Exception {
        // given
        String following = "{\"deployment\": \"web\", \"workflow\": \"install\", \"follow\": true}";
        sql(
                "INSERT INTO gateway_control.followed_execution (client_id, message_id, tenant_name, execution_id, reply_to,"
                        + " told_status, follow_until) SELECT 'acme', 'f' || n, 'shared', 'e' || n, '" + QUEUE
                        + "', 'scheduled', statement_timestamp() + interval '1 hour' FROM generate_series(1, 1000) n");
        // when
        send(START_KEY, message("m1").build(), following);
        // then
        assertThat(refused(429, "rate_limit_error").body.get("detail").asText())
                .isEqualTo("producer `acme` follows 1000 executions already, the most that it may");
        assertThat(scheduler.submitted()).isEmpty();
        // and when their time is over
        sql("UPDATE gateway_control.followed_execution SET follow_until = statement_timestamp()");
        follow.follow();
        send(START_KEY, message("m1").build(), following);
        // then
        assertThat(answer().properties.getType()).isEqualTo(Reply.Accepted.TYPE);
        assertThat(count("SELECT count(*) FROM gateway_control.followed_execution"))
                .isEqualTo(1);
        // and without a queue nobody could be told
        send(START_KEY, message("m2").replyTo(null).build(), following);
        assertThat(deadReason()).isEqualTo("bad_parameters_error");
    }

    @Test
    void sameRequestAgainIsAnsweredAgainAndNotCarriedOutAgain() throws Exception {
        // given
        send(START_KEY, message("m1").correlationId("first").build(), START);
        Answer first = answer();
        // when
        send(START_KEY, message("m1").correlationId("second").build(), START);
        // then
        Answer second = answer();
        assertThat(second.properties.getCorrelationId()).isEqualTo("second");
        assertThat(second.body.get("execution_id")).isEqualTo(first.body.get("execution_id"));
        assertThat(second.body.get("duplicate").asBoolean()).isTrue();
        assertThat(scheduler.submitted()).hasSize(1);
    }

    @Test
    void finalRefusalIsAnsweredAgainToo() throws Exception {
        // given
        String missing = "{\"deployment\": \"missing\", \"workflow\": \"install\"}";
        send(START_KEY, message("m1").build(), missing);
        refused(404, "not_found_error");
        // when
        send(START_KEY, message("m1").build(), missing);
        // then
        assertThat(refused(404, "not_found_error").body.get("duplicate").asBoolean())
                .isTrue();
        assertThat(scheduler.submitted()).hasSize(1);
    }

    @Test
    void otherRequestUnderTheSameKeyIsAConflict() throws Exception {
        // given
        send(START_KEY, message("m1").build(), START);
        answer();
        // when
        send(START_KEY, message("m1").build(), "{\"deployment\": \"web\", \"workflow\": \"uninstall\"}");
        // then
        Answer answer = refused(409, "idempotency_conflict_error");
        assertThat(answer.body.get("retryable").asBoolean()).isFalse();
        assertThat(scheduler.executions()).hasSize(1);
    }

    @Test
    void requestThatGotThroughWhileItsAnswerWasLostIsNotCarriedOutTwice() throws Exception {
        // given
        String body = "{\"deployment\": \"answer-is-lost\", \"workflow\": \"install\"}";
        send(START_KEY, message("m1").build(), body);
        Answer lost = refused(503, "service_unavailable_error");
        assertThat(lost.body.get("retryable").asBoolean()).isTrue();
        // when
        send(START_KEY, message("m1").build(), body);
        // then
        Answer answer = answer();
        assertThat(answer.properties.getType()).isEqualTo(Reply.Accepted.TYPE);
        assertThat(scheduler.executions())
                .containsOnlyKeys(answer.body.get("execution_id").asText());
    }

    @Test
    void retryableRefusalIsTriedAgainUnderTheSameKey() throws Exception {
        // given
        String busy = "{\"deployment\": \"busy\", \"workflow\": \"install\"}";
        send(START_KEY, message("m1").build(), busy);
        Answer refused = refused(400, "existing_running_execution_error");
        assertThat(refused.body.get("retryable").asBoolean()).isTrue();
        // when
        send(START_KEY, message("m1").build(), busy);
        // then
        refused(400, "existing_running_execution_error");
        assertThat(scheduler.submitted()).hasSize(2);
    }

    @Test
    void everythingThatIsWrongWithABodyIsToldAtOnce() throws Exception {
        // when
        send(
                START_KEY,
                message("m1").correlationId("c1").build(),
                "{\"deployment\": 7, \"priority\": 12, \"queue\": \"yes\"}");
        // then
        Answer answer = refused(400, "bad_parameters_error");
        assertThat(answer.body.get("correlation_id").asText()).isEqualTo("c1");
        assertThat(answer.body.get("type").asText()).isEqualTo("urn:holdfast:problem:bad_parameters_error");
        Set<String> pointers = new HashSet<>();
        answer.body
                .get("errors")
                .forEach(error -> pointers.add(error.get("pointer").asText()));
        assertThat(pointers).containsExactlyInAnyOrder("/deployment", "/workflow", "/priority", "/queue");
        assertThat(scheduler.submitted()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not JSON",
                "{\"a\":",
                "[]",
                "7",
                "{\"deployment\":\"a\",\"deployment\":\"b\"}",
                "{} {}",
                "\u0000"
            })
    void whatIsNoRequestIsRefusedAndHoldsUpNothing(String body) throws Exception {
        // when
        send(START_KEY, message("bad").build(), body);
        send(START_KEY, message("good").build(), START);
        // then
        refused(400, "bad_parameters_error");
        assertThat(answer().properties.getType()).isEqualTo(Reply.Accepted.TYPE);
    }

    @ParameterizedTest
    @CsvSource({
        "request.execution.start.v2, unknown_request_type_error",
        "request.restore.start.v1, unknown_request_type_error",
        "io.holdfast.scheduler.Start, unknown_request_type_error"
    })
    void unknownVersionOrKindIsRefused(String type, String code) throws Exception {
        send(START_KEY, message("m1").type(type).build(), START);
        refused(400, code);
    }

    @Test
    void tenMegabytesAreRefusedUnread() throws Exception {
        // given
        byte[] large = new byte[10 * 1024 * 1024];
        Arrays.fill(large, (byte) '[');
        // when
        channel.basicPublish(Event.REQUESTS, START_KEY, true, message("m1").build(), large);
        // then
        refused(413, "payload_too_large_error");
    }

    @ParameterizedTest
    @CsvSource({
        "request.execution.start, 400, bad_parameters_error",
        "request..execution.start, 400, bad_parameters_error",
        "nonsense, 400, bad_parameters_error",
        "request.shared.execution.cancel, 400, bad_parameters_error",
        "request.other.execution.start, 403, forbidden_error",
        "request.nowhere.execution.start, 403, forbidden_error",
        "request.default_tenant.execution.start, 403, forbidden_error"
    })
    void routingKeyMustNameATenantInWhichTheUserMayDoThat(String key, int status, String code) throws Exception {
        send(key, message("m1").build(), START);
        refused(status, code);
        assertThat(scheduler.submitted()).isEmpty();
    }

    @Test
    void requestWithoutAKeyIsRefused() throws Exception {
        send(START_KEY, message("m1").messageId(null).build(), START);
        refused(400, "bad_parameters_error");
    }

    @Test
    void producerWhoseUserIsGoneIsRefused() throws Exception {
        sql("UPDATE gateway_control.producer SET username = 'nobody'");
        send(START_KEY, message("m1").build(), START);
        refused(401, "unauthorized_error");
    }

    @Test
    void requestPastItsDeadlineIsAnsweredAndNotCarriedOut() throws Exception {
        // when
        send(
                START_KEY,
                message("m1")
                        .headers(Map.of("deadline", "2020-03-13T04:00:00Z"))
                        .build(),
                START);
        // then
        refused(408, "expired_error");
        // when
        Date sentAt = Date.from(Instant.parse("2020-03-13T04:00:00Z"));
        send(START_KEY, message("m2").headers(Map.of("deadline", sentAt)).build(), START);
        // then
        refused(408, "expired_error");
        // when
        send(START_KEY, message("m3").headers(Map.of("deadline", "tomorrow")).build(), START);
        // then
        refused(400, "bad_parameters_error");
        assertThat(scheduler.submitted()).isEmpty();
        // when
        send(
                START_KEY,
                message("m5")
                        .headers(Map.of("deadline", "2100-03-13T04:00:00+01:00"))
                        .build(),
                START);
        // then
        assertThat(answer().properties.getType()).isEqualTo(Reply.Accepted.TYPE);
    }

    @Test
    void messageForWhichNobodyVouchesIsADeadLetter() throws Exception {
        // when
        send(START_KEY, message("m1").userId(null).build(), START);
        // then
        assertThat(deadReason()).isEqualTo("UNKNOWN_PRODUCER");
        // when
        sql("DELETE FROM gateway_control.parked_message; UPDATE gateway_control.producer SET broker_user = 'somebody'");
        send(START_KEY, message("m2").build(), START);
        // then
        assertThat(deadReason()).isEqualTo("UNKNOWN_PRODUCER");
        assertThat(scheduler.submitted()).isEmpty();
    }

    @Test
    void deadRequestCannotBeReplayedAndSaysWhy() throws Exception {
        // given
        send(START_KEY, message("m1").userId(null).build(), START);
        assertThat(deadReason()).isEqualTo("UNKNOWN_PRODUCER");
        String letters = "/api/holdfast/v1/dead-letters";
        String letter = letters + "/gateway/" + query("SELECT id FROM gateway_control.parked_message");
        // when
        admin().post(letter + "/replay")
                .then()
                .statusCode(409)
                .body("detail", containsString("only the broker can vouch for its sender"))
                .body("hint", containsString("have its sender send the request again"));
        // then: nor all of them at once, by their consumer or together with others
        admin().contentType("application/json")
                .body("{\"consumer\": \"gateway.requests\"}")
                .post(letters + "/replay")
                .then()
                .statusCode(409)
                .body("hint", containsString("have its sender send the request again"));
        admin().contentType("application/json")
                .body("{\"service\": \"gateway\", \"reason\": \"UNKNOWN_PRODUCER\"}")
                .post(letters + "/replay")
                .then()
                .statusCode(200)
                .body("count", equalTo(0));
        assertThat(query("SELECT state FROM gateway_control.parked_message")).isEqualTo("dead");
        // and
        admin().post(letter + "/discard").then().statusCode(200).body("state", equalTo("discarded"));
    }

    @Test
    void forgedUserIsRefusedByTheBroker() throws Exception {
        // when
        channel.confirmSelect();
        send(START_KEY, message("m1").userId("somebody").build(), START);
        // then
        await().atMost(PATIENCE).until(() -> !channel.isOpen());
        assertThat(count("SELECT count(*) FROM gateway_control.parked_message")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"scheduler.commands", "reply.other", "reply.acme2", "reply."})
    void requestThatWantsItsReplyElsewhereIsADeadLetter(String queue) throws Exception {
        // when
        send(START_KEY, message("m1").replyTo(queue).build(), START);
        // then
        assertThat(deadReason()).isEqualTo("FORGED_REPLY_TO");
        assertThat(scheduler.submitted()).isEmpty();
    }

    @Test
    void replyMayGoToAQueueBelowTheProducersOwn() throws Exception {
        // given
        channel.queueDeclare("reply.acme.job-1", true, false, false, null);
        // when
        send(START_KEY, message("m1").replyTo("reply.acme.job-1").build(), START);
        // then
        assertThat(answer("reply.acme.job-1").properties.getType()).isEqualTo(Reply.Accepted.TYPE);
    }

    @Test
    void replyThatNoQueueTakesIsDropped() throws Exception {
        // when
        send(START_KEY, message("m1").replyTo("reply.acme.not-there").build(), START);
        // then
        await().atMost(PATIENCE)
                .until(() -> count("SELECT count(*) FROM gateway_control.request WHERE reply IS NOT NULL") == 1
                        && count("SELECT count(*) FROM gateway_control.outbox") == 0);
        assertThat(scheduler.submitted()).hasSize(1);
    }

    @Test
    void requestThatWantsNoReplyIsCarriedOutAndItsRefusalKept() throws Exception {
        // when
        send(START_KEY, message("m1").replyTo(null).build(), START);
        send(START_KEY, message("m2").replyTo(null).build(), "{}");
        // then
        assertThat(deadReason()).isEqualTo("bad_parameters_error");
        assertThat(scheduler.submitted()).hasSize(1);
    }

    @Test
    void burstOverTheLimitIsToldWhenToComeAgain() throws Exception {
        // given
        sql("UPDATE gateway_control.producer SET rate_per_second = 1, tokens = 5");
        // when
        for (int i = 0; i < 40; i++) {
            send(START_KEY, message("m" + i).build(), START);
        }
        // then
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < 40; i++) {
            Answer answer = answer();
            if (answer.properties.getType().equals(Reply.Accepted.TYPE)) {
                accepted++;
            } else {
                refused++;
                assertThat(answer.body.get("status").asInt()).isEqualTo(429);
                assertThat(answer.body.get("code").asText()).isEqualTo("rate_limit_error");
                assertThat(answer.body.get("retryable").asBoolean()).isTrue();
                assertThat(answer.body.get("retry_after_ms").asLong()).isBetween(1L, 1000L);
            }
        }
        assertThat(accepted).isPositive().isEqualTo(scheduler.submitted().size());
        assertThat(refused).isPositive();
    }

    @Test
    void maintenanceModeIsARetryableRefusal() throws Exception {
        // given
        sql("CREATE SCHEMA cluster_control; CREATE TABLE cluster_control.gate (status text);"
                + " INSERT INTO cluster_control.gate VALUES ('activated');"
                + " GRANT USAGE ON SCHEMA cluster_control TO holdfast_gateway;"
                + " GRANT SELECT ON cluster_control.gate TO holdfast_gateway");
        // when
        send(START_KEY, message("m1").build(), START);
        // then
        assertThat(refused(503, "maintenance_mode_active").body.get("retryable").asBoolean())
                .isTrue();
        // when
        sql("UPDATE cluster_control.gate SET status = 'deactivated'");
        send(START_KEY, message("m1").build(), START);
        // then
        assertThat(answer().properties.getType()).isEqualTo(Reply.Accepted.TYPE);
    }

    @Test
    void executionCanBeAskedForAndCancelled() throws Exception {
        // given
        send(START_KEY, message("m1").build(), START);
        String id = answer().body.get("execution_id").asText();
        String body = "{\"execution_id\": \"" + id + "\"}";
        // when
        send(
                "request.shared.execution.get",
                message("m2").type(Request.GetExecution.TYPE).build(),
                body);
        // then
        Answer found = answer();
        assertThat(found.body.get("status").asText()).isEqualTo("pending");
        assertThat(found.body.get("result").get("workflow_id").asText()).isEqualTo("install");
        // when
        send(
                "request.shared.execution.cancel",
                message("m3").type(Request.CancelExecution.TYPE).build(),
                body);
        // then
        assertThat(answer().body.get("status").asText()).isEqualTo("cancelling");
        // when
        send(
                "request.shared.execution.get",
                message("m4").type(Request.GetExecution.TYPE).build(),
                "{\"execution_id\": \"../executions\"}");
        // then
        refused(400, "bad_parameters_error");
    }

    private BasicProperties.Builder message(String id) {
        return new BasicProperties.Builder()
                .messageId(id)
                .type(Request.StartExecution.TYPE)
                .userId("guest")
                .replyTo(QUEUE)
                .deliveryMode(2);
    }

    private void send(String key, BasicProperties properties, String body) throws IOException {
        channel.basicPublish(Event.REQUESTS, key, true, properties, body.getBytes(StandardCharsets.UTF_8));
        sent++;
    }

    private record Answer(com.rabbitmq.client.BasicProperties properties, JsonNode body) {}

    private Answer answer() {
        return answer(QUEUE);
    }

    private Answer answer(String queue) {
        GetResponse reply = await("the reply to message " + sent)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> channel.basicGet(queue, true), got -> got != null);
        assertThat(DOCUMENT.problems(new Delivery(reply.getEnvelope(), reply.getProps(), reply.getBody())))
                .isEmpty();
        try {
            return new Answer(reply.getProps(), JSON.readTree(reply.getBody()));
        } catch (IOException e) {
            throw new AssertionError("a reply is no JSON", e);
        }
    }

    private Answer refused(int status, String code) {
        Answer answer = answer();
        assertThat(answer.body.toString()).contains("\"code\":\"" + code + "\"");
        assertThat(answer.properties.getType()).isEqualTo(Reply.Refused.TYPE);
        assertThat(answer.body.get("status").asInt()).isEqualTo(status);
        return answer;
    }

    private static String deadReason() throws SQLException {
        await().atMost(PATIENCE)
                .until(() -> count("SELECT count(*) FROM gateway_control.parked_message WHERE state = 'dead'") == 1);
        return query("SELECT reason FROM gateway_control.parked_message");
    }

    private static long count(String sql) throws SQLException {
        return Long.parseLong(query(sql));
    }

    private static String query(String sql) throws SQLException {
        Config config = ConfigProvider.getConfig();
        try (java.sql.Connection database = DriverManager.getConnection(
                        config.getValue("holdfast.database.url", String.class),
                        config.getValue("holdfast.database.username", String.class),
                        config.getValue("holdfast.database.password", String.class));
                ResultSet row = database.createStatement().executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
