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

/** The special case of the user's documents: what becomes of scheduled executions when a snapshot is restored. */
class ScheduledExecutionsE2E {

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    @TempDir
    Path folder;

    @Test
    void overdueOnesFailAndSaySoWhileFutureOnesRunAtTheirTime() throws IOException {
        try (Stack source = Stack.start(folder.resolve("source"));
                Stack target = Stack.start(folder.resolve("target"))) {
            // given: one that will be overdue at the restore, one that comes due soon after it, one far away
            SmallManager.into(source, folder);
            Api api = source.api();
            Instant now = Instant.now();
            Instant soon = now.plus(40, ChronoUnit.SECONDS);
            Instant later = now.plus(100, ChronoUnit.SECONDS);
            Instant far = now.plus(365, ChronoUnit.DAYS);
            String overdue = SmallManager.schedule(api, "backup", MILLIS.format(soon));
            String due = SmallManager.schedule(api, "rotate_logs", MILLIS.format(later));
            String waiting = SmallManager.schedule(api, "backup", MILLIS.format(far));
            api.createSnapshot("evening");
            Path archive = api.download("/api/v3.1/snapshots/evening/archive", folder.resolve("evening.zip"));
            source.down();
            assertThat(target.api()
                            .upload("/api/v3.1/snapshots/evening/archive", archive)
                            .status())
                    .isEqualTo(201);
            Awaitility.await("the first one's time")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> Instant.now().isAfter(soon));

            // when
            JsonNode restore = target.api().restore("evening", "{\"force\": false}");

            // then
            assertThat(restore.get("status").asText())
                    .as(restore.toPrettyString())
                    .isEqualTo("completed");
            String line = "Execution " + overdue + " scheduled for " + MILLIS.format(soon)
                    + " is overdue. Marking as FAILED.";
            JsonNode failed = target.api().getOk("/api/v3.1/executions/" + overdue);
            assertThat(failed.get("status").asText()).isEqualTo("failed");
            assertThat(failed.get("error").asText()).isEqualTo(line);
            assertThat(target.api().items("/api/v3.1/events?execution_id=" + overdue))
                    .anySatisfy(
                            event -> assertThat(event.get("message").asText()).isEqualTo(line));
            assertThat(Files.readString(target.log())).containsPattern("INFO.*" + line.replace(".", "\\."));

            JsonNode kept = target.api().getOk("/api/v3.1/executions/" + waiting);
            assertThat(kept.get("status").asText()).isEqualTo("scheduled");
            assertThat(kept.get("scheduled_for").asText()).isEqualTo(MILLIS.format(far));

            Awaitility.await("the other one runs at its time")
                    .atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> {
                        JsonNode ran = target.api().getOk("/api/v3.1/executions/" + due);
                        assertThat(ran.get("error").asText())
                                .as(ran.toString())
                                .contains("this workflow needs a worker, and none is attached");
                        assertThat(Instant.parse(ran.get("ended_at").asText()))
                                .isAfterOrEqualTo(later.truncatedTo(ChronoUnit.MILLIS));
                    });
        }
    }
}
