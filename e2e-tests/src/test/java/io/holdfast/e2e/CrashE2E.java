package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.e2e.Census.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL for everything in the middle of the work: afterwards nothing is half done and nothing hangs. */
class CrashE2E {

    @TempDir
    Path folder;

    @Test
    void aKillInTheMiddleOfCreatesAndRestoresLeavesNothingHalfDone() throws Exception {
        try (Stack stack = Stack.start(folder.resolve("data"))) {
            // given
            SmallManager.into(stack, folder);
            stack.api().createSnapshot("good");
            Map<String, JsonNode> deployments = Census.list(stack.api(), Type.DEPLOYMENTS);

            // when: killed while snapshots are being built
            List<String> asked = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                asked.add("cut-" + i);
                assertThat(stack.api().put("/api/v3.1/snapshots/cut-" + i, "").status())
                        .isEqualTo(201);
            }
            stack.kill9();
            stack.up();

            // then: each ends as created or failed; only whole archives are on disk
            for (String id : asked) {
                Awaitility.await(id)
                        .atMost(Duration.ofMinutes(4))
                        .pollInterval(Duration.ofMillis(500))
                        .untilAsserted(() -> assertThat(stack.api()
                                        .getOk("/api/v3.1/snapshots/" + id)
                                        .get("status")
                                        .asText())
                                .isIn("created", "failed"));
            }
            assertThat(partFiles()).isEmpty();

            // when: killed while a restore runs
            assertThat(stack.api()
                            .post("/api/v3.1/snapshots/good/restore", "{\"force\": true}")
                            .status())
                    .isEqualTo(200);
            stack.kill9();
            stack.up();

            // then: the restore ended one way or the other, and the state is whole
            Awaitility.await("no restore runs")
                    .atMost(Duration.ofMinutes(4))
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(stack.api()
                                    .getOk("/api/v3.1/snapshot-status")
                                    .get("status")
                                    .asText())
                            .isEqualTo("not-running"));
            Awaitility.await("maintenance mode is off again")
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(stack.api()
                                    .getOk("/api/v3.1/maintenance")
                                    .get("status")
                                    .asText())
                            .isEqualTo("deactivated"));
            assertThat(stack.api().items("/api/holdfast/v1/restores"))
                    .allSatisfy(restore ->
                            assertThat(restore.get("status").asText()).isIn("completed", "failed"));
            Awaitility.await("its execution has ended, too, and blocks nothing")
                    .atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(stack.api()
                                    .items("/api/v3.1/executions?workflow_id=restore_snapshot&is_system_workflow=true"))
                            .isNotEmpty()
                            .allSatisfy(execution ->
                                    assertThat(execution.get("status").asText()).isIn("terminated", "failed")));
            assertThat(Census.differences(
                            "deployment", deployments, Census.list(stack.api(), Type.DEPLOYMENTS), Set.of()))
                    .isEmpty();
            stack.api().createSnapshot("after");
        }
    }

    private List<String> partFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("data/archives"))) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith(".part"))
                    .toList();
        }
    }
}
