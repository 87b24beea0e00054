package io.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** Facts published again, through the gateway: its own from what it keeps, another service's by asking it. */
@QuarkusTest
class EventReplayIT extends GatewayCase {

    private static final String REPLAY = "/api/holdfast/v1/events/replay";
    private static final String FROM = "\"from\": \"2026-03-13T04:00:00Z\"";

    @Test
    void keptFactComesToTheQueueAgainAndOnlyOnce() throws Exception {
        // given
        String id = UUID.randomUUID().toString();
        keep(id, "s-1");
        keep(UUID.randomUUID().toString(), "s-2");
        String queue = "replay." + id;
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(ConfigProvider.getConfig().getValue("holdfast.broker.url", String.class));
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(queue, false, false, false, null);
            String wanted = "{" + FROM + ", \"service\": \"gateway\", \"type\": \"snapshot.deleted.v1\","
                    + " \"aggregate_id\": \"s-1\", \"tenant_name\": \"shared\", \"queue\": \"" + queue + "\"%s}";
            // when: only counted
            replay(wanted.formatted(", \"dry_run\": true"))
                    .statusCode(200)
                    .body("count", equalTo(1))
                    .body("services.gateway", equalTo(1));
            assertThat(channel.basicGet(queue, true)).isNull();
            // when
            replay(wanted.formatted(""))
                    .statusCode(200)
                    .body("count", equalTo(1))
                    .body("refused", equalTo(0));
            // then
            AtomicReference<GetResponse> got = new AtomicReference<>();
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                got.set(channel.basicGet(queue, true));
                return got.get() != null;
            });
            assertThat(got.get().getProps().getMessageId()).isEqualTo(id);
            assertThat(got.get().getProps().getHeaders().get("cloudEvents_replay"))
                    .hasToString("true");
            assertThat(new String(got.get().getBody(), StandardCharsets.UTF_8)).contains("\"s-1\"");
            assertThat(channel.basicGet(queue, true)).isNull();
            channel.queueDelete(queue);
        }
        // and: a queue that is not there
        replay("{" + FROM + ", \"service\": \"gateway\", \"queue\": \"no-such-queue\"}")
                .statusCode(404);
    }

    @Test
    void otherServicesPublishTheirOwnAndSayWhatTheBrokerRefused() {
        replay("{" + FROM + ", \"service\": \"restore\"}")
                .statusCode(200)
                .body("count", equalTo(3))
                .body("refused", equalTo(1))
                .body("services.restore", equalTo(3));
    }

    @Test
    void moreThanTheLimitIsRefusedBeforeAnythingIsPublished() {
        replay("{" + FROM + ", \"service\": \"restore\", \"limit\": 2}")
                .statusCode(400)
                .body("detail", equalTo("3 events are meant, more than `limit`, which is 2; none was published"));
    }

    @Test
    void whatMakesNoSenseIsRefusedWithWhatWasExpected() {
        replay("{}").statusCode(400).body("detail", containsString("`from` is missing"));
        replay("{\"from\": \"yesterday\"}")
                .statusCode(400)
                .body("detail", containsString("`yesterday`, which is no time"));
        replay("{" + FROM + ", \"to\": \"2026-03-13T04:00:00Z\"}")
                .statusCode(400)
                .body("detail", containsString("is not after `from`"));
        replay("{" + FROM + ", \"service\": \"nosuch\"}")
                .statusCode(400)
                .body("detail", containsString("there is no service `nosuch`"));
        replay("{" + FROM + ", \"limit\": 0}").statusCode(400).body("detail", containsString("expected 1 to 100000"));
        replay("{" + FROM + ", \"limit\": \"many\"}").statusCode(400);
        replay("[]").statusCode(400);
        replay("{half").statusCode(400);
    }

    @Test
    void serviceThatDoesNotAnswerIsNamed() {
        replay("{" + FROM + ", \"service\": \"scheduler\"}")
                .statusCode(503)
                .body("detail", containsString("scheduler"));
    }

    @Test
    void onlyAdministratorsMayAskForIt() {
        alice().header("Tenant", "shared")
                .contentType("application/json")
                .body("{" + FROM + "}")
                .post(REPLAY)
                .then()
                .statusCode(403);
    }

    private static ValidatableResponse replay(String body) {
        return admin().contentType("application/json").body(body).post(REPLAY).then();
    }

    /** As the relay keeps what the broker has confirmed. */
    private static void keep(String messageId, String snapshot) throws SQLException {
        sql(
                "INSERT INTO gateway_control.outbox_sent (seq, message_id, type, aggregate_id, tenant_name, exchange, routing_key, headers,"
                        + " payload, created_at) VALUES (1, '" + messageId + "', 'snapshot.deleted.v1', '" + snapshot
                        + "', 'shared', 'holdfast.events', 'snapshot.deleted.v1.shared', '{}', '{\"snapshotId\": \""
                        + snapshot
                        + "\"}', statement_timestamp())");
    }
}
