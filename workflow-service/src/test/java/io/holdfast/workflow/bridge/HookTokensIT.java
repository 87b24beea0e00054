package io.holdfast.workflow.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Channel;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.ExecutionEvent;
import io.holdfast.http.PluginTokens;
import io.holdfast.testsupport.HoldfastResources;
import io.holdfast.workflow.running.Database;
import io.holdfast.workflow.running.ManagerSide;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Plays a hook runner that was given tokens. */
@QuarkusTest
@TestProfile(HookTokensIT.WithTokens.class)
@QuarkusTestResource(HoldfastResources.class)
class HookTokensIT {

    private static final String EVENTS_EXCHANGE = "cloudify-events-topic";

    /** With the bridge on, and tokens in hooks. */
    public static final class WithTokens implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "holdfast.workflow.bridge.enabled", "true",
                    "holdfast.workflow.bridge.hook-tokens", "true");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(FakeManager.class));
        }
    }

    @ConfigProperty(name = "holdfast.broker.url")
    String brokerUrl;

    @Inject
    PluginTokens tokens;

    @Inject
    @DataSource("workflow")
    AgroalDataSource dataSource;

    @Test
    void aHookCarriesATokenForPluginsOfItsTenantOnly() throws Exception {
        Database database = new Database(dataSource);
        database.forgetEverything();
        try (ManagerSide manager = new ManagerSide(brokerUrl, "scheduler.#")) {
            // given
            Channel channel = manager.channel();
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(manager.hasQueues("cloudify-logs-events"))
                            .isTrue());
            String hooks = channel.queueDeclare().getQueue();
            channel.queueBind(hooks, EVENTS_EXCHANGE, "events.hooks");
            // when
            manager.send(new ExecutionEvent.Succeeded("e1", "t1", "backup", Instant.parse("2026-03-13T12:00:00Z")));
            // then
            JsonNode context = Golden.tree(new String(manager.next(hooks).getBody(), StandardCharsets.UTF_8))
                    .get("context");
            assertThat(tokens.verify(context.get("rest_token").asText())).hasValueSatisfying(claim -> {
                assertThat(claim.tenantName()).isEqualTo("t1");
                assertThat(claim.username()).isEqualTo("alice");
                assertThat(claim.pluginId()).isNull();
                assertThat(claim.executionId()).isEqualTo("e1");
                assertThat(claim.isOver(Instant.now())).isFalse();
                assertThat(claim.isOver(Instant.now().plus(Duration.ofHours(1))))
                        .isTrue();
            });
        }
    }
}
