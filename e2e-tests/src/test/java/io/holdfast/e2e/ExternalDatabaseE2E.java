package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two managers, as processes of their own, on one database and one broker that somebody else runs. */
class ExternalDatabaseE2E {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int EXECUTIONS = 300;

    @TempDir
    Path folder;

    @Test
    void aManagerThatDiesOrStandsStillIsReplacedAndNothingRunsTwice() throws Exception {
        String key = secretKey();
        try (FaultyManager first = FaultyManager.startToBeTapped(folder.resolve("m1"), member("m1", key));
                Stack second = first.startAnother(folder.resolve("m2"), member("m2", key))) {
            // given: executions that come due all the time
            Map<String, Stack> managers = Map.of("m1", first.stack, "m2", second);
            first.tap();
            Map<String, Instant> due =
                    first.schedule(EXECUTIONS, EXECUTIONS, Duration.ofSeconds(30), new Random(EXECUTIONS));
            FaultyManager.letItWork(Duration.ofSeconds(4));

            // when: the active one is killed
            String killed = active(first);
            managers.get(killed).kill9();
            // then
            awaitAnother(first, killed);
            managers.get(killed).up();

            // when: the one that took over stands still for longer than its lease
            FaultyManager.letItWork(Duration.ofSeconds(2));
            String paused = active(first);
            managers.get(paused).pause();
            try {
                awaitAnother(first, paused);
                FaultyManager.letItWork(Duration.ofSeconds(2));
            } finally {
                managers.get(paused).goOn();
            }

            // then: all ran, each once, and whichever manager is asked answers
            first.awaitAllEnded(PATIENCE);
            first.assertEachEndedExactlyOnce(due);
            FaultyManager.assertStartsAreRight(due, first.tapped());
            assertThat(first.texts("SELECT node || ' ' || epoch FROM holdfast_ha.cluster_lease"))
                    .as("one lease, the third epoch or later")
                    .singleElement()
                    .satisfies(lease ->
                            assertThat(Long.parseLong(lease.split(" ")[1])).isGreaterThanOrEqualTo(3));
            for (Stack manager : managers.values()) {
                Awaitility.await("an answer")
                        .atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(manager.api()
                                        .get("/api/v3.1/executions?_size=1")
                                        .status())
                                .isEqualTo(200));
            }
        }
    }

    private static Map<String, String> member(String node, String key) {
        return Map.of(
                "HOLDFAST_SECRET_KEY",
                key,
                "HOLDFAST_CLUSTER_DATABASE_LEASE",
                "true",
                "HOLDFAST_CLUSTER_SHARED_BROKER",
                "true",
                "HOLDFAST_CLUSTER_NODE",
                node);
    }

    private static String active(FaultyManager manager) throws Exception {
        List<String> holders =
                manager.texts("SELECT node FROM holdfast_ha.cluster_lease WHERE until > clock_timestamp()");
        assertThat(holders).as("holders of the lease").hasSize(1);
        return holders.get(0);
    }

    private static void awaitAnother(FaultyManager manager, String former) {
        Awaitility.await("another active manager than " + former)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(active(manager)).isNotEqualTo(former));
    }

    private static String secretKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }
}
