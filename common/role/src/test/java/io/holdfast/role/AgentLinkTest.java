package io.holdfast.role;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an agent of this test's own. */
class AgentLinkTest {

    private static final Duration LEASE = Duration.ofSeconds(3);

    private final NodeRole role = NodeRole.inCluster(false);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch never = new CountDownLatch(1);
    private volatile String answer = answer("STANDBY", 1, true, 1);
    private volatile int status = 200;
    private volatile boolean silent;
    private HttpServer agent;
    private AgentLink link;

    @BeforeEach
    void startAgent() throws IOException {
        agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.createContext("/cluster/role", this::respond);
        agent.setExecutor(threads);
        agent.start();
        link = new AgentLink(
                URI.create("http://127.0.0.1:" + agent.getAddress().getPort()), LEASE, role, new ObjectMapper());
    }

    @AfterEach
    void stopAgent() {
        link.close();
        never.countDown();
        agent.stop(0);
        threads.shutdownNow();
    }

    @Test
    void theRoleIsKnownAfterTheStart() {
        // given
        answer = answer("ACTIVE", 7, true, 3);

        // when
        link.start();

        // then
        assertThat(role.current()).isEqualTo(new Role(true, 7, "n1", URI.create("http://10.0.0.1:8080")));
    }

    @Test
    void aChangeIsHeardOf() {
        // given
        answer = answer("ACTIVE", 7, true, 3);
        link.start();

        // when
        answer = answer("STANDBY", 8, true, 4);

        // then
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(role.isActive()).isFalse();
            assertThat(role.epoch()).isEqualTo(8);
        });
    }

    @Test
    void anActiveNodeWithoutAValidLeaseIsNotActive() {
        // given
        answer = answer("ACTIVE", 7, false, 3);

        // when
        link.start();

        // then
        assertThat(role.isActive()).isFalse();
    }

    @Test
    void aSilentAgentIsBelievedForTheLeaseOnly() {
        // given
        answer = answer("ACTIVE", 7, true, 3);
        link.start();

        // when
        silent = true;

        // then
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(role.isActive()).isFalse());
    }

    @Test
    void anAgentThatIsNotThereAtTheStartIsFoundLater() {
        // given
        status = 503;
        link.start();
        assertThat(role.isActive()).isFalse();

        // when
        answer = answer("ACTIVE", 7, true, 3);
        status = 200;

        // then
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(role.isActive()).isTrue());
    }

    @Test
    void aLeaseThatOneLateAnswerWouldEndIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new AgentLink(URI.create("http://x"), Duration.ofSeconds(1), role, new ObjectMapper()))
                .withMessageContaining("agent-lease");
    }

    private void respond(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (silent) {
                never.await();
            }
            byte[] body = answer.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String answer(String role, long epoch, boolean leaseValid, int version) {
        return """
                {"node":"n1","role":"%s","epoch":%d,"active":"n1","lease_valid":%s,"manager_url":"http://10.0.0.1:8080/","version":%d}""".formatted(role, epoch, leaseValid, version);
    }
}
