package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example of the users' documents, word for word, on a clock whose hours are half a minute long: at 01:00 a user schedules W1 for
 * 04:00; at 02:00 W2 for 08:00; at 03:00 a snapshot is taken; at 06:00 it is restored. W1 is marked as failed, which is logged at INFO;
 * W2 is restored with status scheduled, is added to the queue, and is executed at 08:00.
 */
class UsersExampleE2E {

    private static final Duration HOUR = Duration.ofSeconds(30);

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    @TempDir
    Path folder;

    private Instant midnight;

    private Instant oClock(int hour) {
        return midnight.plus(HOUR.multipliedBy(hour));
    }

    private void awaitOClock(int hour) {
        Awaitility.await(hour + " o'clock")
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> !Instant.now().isBefore(oClock(hour)));
    }

    @Test
    void overdueAt6IsFailedAndDueAt8RunsAt8() throws IOException {
        try (Stack source = Stack.start(folder.resolve("source"));
                Stack target = Stack.start(folder.resolve("target"))) {
            SmallManager.into(source, folder);
            midnight = Instant.now().truncatedTo(ChronoUnit.MILLIS).minus(HOUR);

            // 01:00, 02:00, 03:00
            String w1 = SmallManager.schedule(source.api(), "backup", MILLIS.format(oClock(4)));
            awaitOClock(2);
            String w2 = SmallManager.schedule(source.api(), "rotate_logs", MILLIS.format(oClock(8)));
            awaitOClock(3);
            source.api().createSnapshot("three-oclock");
            Path archive =
                    source.api().download("/api/v3.1/snapshots/three-oclock/archive", folder.resolve("three.zip"));
            assertThat(Instant.now())
                    .as("this machine is too slow for so short an hour")
                    .isBefore(oClock(4));
            source.down();
            assertThat(target.api()
                            .upload("/api/v3.1/snapshots/three-oclock/archive", archive)
                            .status())
                    .isEqualTo(201);

            // 06:00
            awaitOClock(6);
            JsonNode restore = target.api().restore("three-oclock", "{}");
            assertThat(restore.get("status").asText())
                    .as(restore.toPrettyString())
                    .isEqualTo("completed");
            Instant t0 = Instant.parse(restore.get("t0").asText());
            assertThat(t0).isBetween(oClock(6), oClock(8));
            assertThat(restore.get("overdue_grace_ms").asLong()).isZero();

            // the first one is marked as failed as it is overdue, which is also logged
            String line = "Execution " + w1 + " scheduled for " + MILLIS.format(oClock(4))
                    + " is overdue. Marking as FAILED.";
            JsonNode failed = target.api().getOk("/api/v3.1/executions/" + w1);
            assertThat(failed.get("status").asText()).isEqualTo("failed");
            assertThat(failed.get("error").asText()).isEqualTo(line);
            assertThat(Instant.parse(failed.get("ended_at").asText())).isEqualTo(t0.truncatedTo(ChronoUnit.MILLIS));
            assertThat(Files.readAllLines(target.log()))
                    .filteredOn(logged -> logged.contains(line))
                    .singleElement()
                    .asString()
                    .contains("INFO");

            // the other one is restored correctly, added to the queue, and executed at 8
            assertThat(restore.get("decisions"))
                    .filteredOn(
                            decision -> decision.get("execution_id").asText().equals(w2))
                    .singleElement()
                    .satisfies(decision ->
                            assertThat(decision.get("fate").asText()).isEqualTo("rescheduled"));
            JsonNode waiting = target.api().getOk("/api/v3.1/executions/" + w2);
            assertThat(waiting.get("scheduled_for").asText()).isEqualTo(MILLIS.format(oClock(8)));
            if (Instant.now().isBefore(oClock(8))) {
                assertThat(waiting.get("status").asText()).isEqualTo("scheduled");
            }
            Awaitility.await("the other one runs at 8")
                    .atMost(Duration.ofMinutes(5))
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> {
                        JsonNode ran = target.api().getOk("/api/v3.1/executions/" + w2);
                        assertThat(ran.get("status").asText())
                                .as(ran.toString())
                                .isIn("terminated", "failed");
                        assertThat(ran.get("error").toString()).doesNotContain("overdue");
                        assertThat(Instant.parse(ran.get("ended_at").asText())).isAfterOrEqualTo(oClock(8));
                    });
        }
    }
}
