package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The manager of {@code examples/small-manager}: one deployment {@code shop} with the workflows install, backup, rotate_logs. */
final class SmallManager {

    private SmallManager() {}

    /** Packs the example as an archive into {@code folder}. */
    static Path archive(Path folder) {
        Path out = folder.resolve("small-manager.zip");
        try {
            Process pack = new ProcessBuilder(
                            Repository.root()
                                    .resolve("examples/small-manager/pack")
                                    .toString(),
                            out.toString())
                    .inheritIO()
                    .start();
            assertThat(pack.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(pack.exitValue()).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return out;
    }

    /** Makes {@code stack}, which must be fresh, this manager. */
    static void into(Stack stack, Path folder) {
        Api api = stack.api();
        assertThat(api.upload("/api/v3.1/snapshots/small/archive", archive(folder))
                        .status())
                .isEqualTo(201);
        JsonNode restore = api.restore("small", "{}");
        assertThat(restore.get("status").asText()).as(restore.toPrettyString()).isEqualTo("completed");
    }

    /** Schedules a workflow of the deployment and answers the execution's id. */
    static String schedule(Api api, String workflow, String time) {
        Api.Answer answer = api.post(
                "/api/v3.1/executions",
                "{\"deployment_id\": \"shop\", \"workflow_id\": \"" + workflow + "\", \"scheduled_time\": \"" + time
                        + "\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.json().get("status").asText()).isEqualTo("scheduled");
        return answer.json().get("id").asText();
    }
}
