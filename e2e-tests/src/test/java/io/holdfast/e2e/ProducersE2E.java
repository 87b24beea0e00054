package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** External producers as their authors meet them: one command, then the examples as they stand. */
class ProducersE2E {

    private static final String FAR = "2031-01-01T04:00:00Z";
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    @TempDir
    static Path folder;

    private static Stack stack;

    @BeforeAll
    static void start() {
        stack = Stack.start(folder.resolve("stack"));
        SmallManager.into(stack, folder);
        Api api = stack.api();
        assertThat(api.put(
                                "/api/v3.1/users",
                                "{\"username\": \"robot\", \"password\": \"robot-password-1\", \"role\": \"default\"}")
                        .status())
                .isIn(200, 201);
        assertThat(api.put(
                                "/api/v3.1/tenants/users",
                                "{\"tenant_name\": \"default_tenant\", \"username\": \"robot\", \"role\": \"manager\"}")
                        .status())
                .isIn(200, 201);
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    private record Ran(int exitCode, String out, String err) {
        JsonNode json() {
            try {
                return Api.JSON.readTree(out);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + out + err, e);
            }
        }
    }

    /** Sets a producer up and answers its URL. */
    private static String add(String clientId, String... more) {
        List<String> command = new ArrayList<>(List.of("producers", "add", clientId, "--as", "robot"));
        command.addAll(List.of(more));
        Stack.Result result = stack.cli(command.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.output()).isZero();
        Matcher url = Pattern.compile("amqp://\\S+").matcher(result.output());
        assertThat(url.find()).as(result.output()).isTrue();
        return url.group();
    }

    private static Ran example(String url, String... command) {
        try {
            Path out = Files.createTempFile(folder, "example", ".out");
            Path err = Files.createTempFile(folder, "example", ".err");
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(Map.of("HOLDFAST_PRODUCER_URL", url));
            builder.redirectOutput(out.toFile()).redirectError(err.toFile());
            Process process = builder.start();
            process.getOutputStream().close();
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
            return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new AssertionError("cannot run " + command[0], e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Ran java(String url, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Repository.root().resolve("examples/producers/java/run").toString());
        command.addAll(List.of(arguments));
        return example(url, command.toArray(String[]::new));
    }

    private static Ran python(String url, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(PYTHON.toString());
        command.add(Repository.root()
                .resolve("examples/producers/python/start_execution.py")
                .toString());
        command.addAll(List.of(arguments));
        return example(url, command.toArray(String[]::new));
    }

    @Test
    void theJavaExampleStartsAWorkflowAndSameKeyStartsItOnceThoughTheManagerIsKilledInBetween() throws Exception {
        // given
        String url = add("java-shop", "--tenant", "default_tenant", "--rate", "20/s");
        // when
        Ran first = java(url, "default_tenant", "shop", "backup", "order-1");
        // then
        assertThat(first.exitCode()).as(first.out() + first.err()).isZero();
        String id = first.json().get("execution_id").asText();
        JsonNode execution = stack.api().getOk("/api/v3.1/executions/" + id);
        assertThat(execution.get("workflow_id").asText()).isEqualTo("backup");
        assertThat(execution.get("created_by").asText()).isEqualTo("robot");
        // and over REST nobody but an administrator may choose the id
        assertThat(stack.api()
                        .as("robot", "robot-password-1")
                        .post(
                                "/api/v3.1/executions",
                                "{\"id\": \"mine\", \"deployment_id\": \"shop\", \"workflow_id\": \"backup\"}")
                        .status())
                .isEqualTo(403);
        // when
        stack.kill9();
        stack.up();
        Ran again = java(url, "default_tenant", "shop", "backup", "order-1");
        // then
        assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
        assertThat(again.json().get("execution_id").asText()).isEqualTo(id);
        assertThat(again.json().get("duplicate").asBoolean()).isTrue();
        // when
        Ran other = java(url, "default_tenant", "shop", "rotate_logs", "order-1");
        // then
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.json().get("code").asText()).isEqualTo("idempotency_conflict_error");
        // when
        Ran refused = java(url, "default_tenant", "shop", "no-such-workflow");
        // then
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.json().get("code").asText()).isEqualTo("nonexistent_workflow_error");
    }

    @Test
    void thePythonExampleSchedulesAWorkflow() {
        assumeTrue(
                Files.isExecutable(PYTHON)
                        && example("", PYTHON.toString(), "-c", "import pika").exitCode() == 0,
                "python3-pika is not installed (apt-get install python3-pika)");
        // given
        String url = add("python-shop", "--tenant", "default_tenant");
        // when
        Ran first = python(url, "--at", FAR, "--key", "order-1", "shop", "backup");
        Ran again = python(url, "--at", FAR, "--key", "order-1", "shop", "backup");
        // then
        assertThat(first.exitCode()).as(first.out() + first.err()).isZero();
        assertThat(first.json().get("status").asText()).isEqualTo("scheduled");
        assertThat(first.json().get("scheduled_for").asText()).startsWith("2031-01-01T04:00:00");
        assertThat(again.json().get("execution_id")).isEqualTo(first.json().get("execution_id"));
        assertThat(again.json().get("duplicate").asBoolean()).isTrue();
        // when
        Ran elsewhere = python(url, "--tenant", "elsewhere", "shop", "backup");
        // then
        assertThat(elsewhere.exitCode()).as(elsewhere.err()).isEqualTo(1);
        // when
        assertThat(stack.cli("producers", "remove", "python-shop").exitCode()).isZero();
        Ran removed = python(url, "shop", "backup");
        // then
        assertThat(removed.exitCode()).isEqualTo(1);
        assertThat(removed.err()).contains("does not know this producer");
    }

    @Test
    void producersAreListedShownAndRefusedWhereTheyMakeNoSense() {
        // given
        add("listed", "--tenant", "default_tenant", "--rate", "7");
        // then
        assertThat(stack.cli("producers", "list").output()).contains("listed").contains("reply.listed");
        assertThat(stack.cli("producers", "show", "listed", "--json").output())
                .contains("\"rate_per_second\" : 7")
                .doesNotContain("password");
        assertThat(stack.cli("producers", "rotate-password", "listed").output()).contains("amqp://listed:");
        Stack.Result twice = stack.cli("producers", "add", "listed", "--as", "admin", "--tenant", "default_tenant");
        assertThat(twice.exitCode()).isEqualTo(5);
        assertThat(stack.cli("producers", "add", "guest", "--as", "admin", "--tenant", "default_tenant")
                        .output())
                .contains("is the name of a user");
        assertThat(stack.cli("producers", "add", "Upper", "--as", "admin", "--tenant", "default_tenant")
                        .output())
                .contains("must have 1 to 64 characters");
        assertThat(stack.cli("producers", "add", "x", "--as", "nobody", "--tenant", "default_tenant")
                        .exitCode())
                .isEqualTo(3);
        assertThat(stack.cli("producers", "show", "x").exitCode()).isEqualTo(3);
    }
}
