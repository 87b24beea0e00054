package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.contracts.errors.ErrorCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;

/** The command line against a server that answers what a test told it to. */
class CliTest {

    @TempDir
    Path folder;

    private HttpServer server;
    private final Map<String, Answer> answers = new LinkedHashMap<>();
    /** One answer after the other; the last one stays. */
    private final Map<String, List<Answer>> later = new LinkedHashMap<>();

    private final List<Request> requests = new ArrayList<>();

    private record Answer(int status, byte[] body) {}

    private record Request(String line, String body, String authorization, String tenant, String transferEncoding) {}

    private record Ran(int exitCode, String out, String err) {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        answers.put("GET /api/v3.1/snapshot-status", new Answer(200, json("{\"status\": \"not-running\"}")));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(new Request(
                line,
                body,
                exchange.getRequestHeaders().getFirst("Authorization"),
                exchange.getRequestHeaders().getFirst("Tenant"),
                exchange.getRequestHeaders().getFirst("Transfer-encoding")));
        List<Answer> queued = later.getOrDefault(line, List.of());
        Answer answer = queued.isEmpty()
                ? answers.getOrDefault(line, new Answer(404, error("not_found_error", "nothing at " + line)))
                : queued.size() == 1 ? queued.get(0) : queued.remove(0);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
        exchange.getResponseBody().write(answer.body());
        exchange.close();
    }

    private static byte[] error(String code, String message) {
        return json("{\"message\": \"" + message + "\", \"error_code\": \"" + code + "\", \"server_traceback\": null}");
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Ran run(String... args) {
        return runWith(
                Map.of(
                        "HOLDFAST_URL",
                        "http://127.0.0.1:" + server.getAddress().getPort(),
                        "HOLDFAST_PASSWORD",
                        "secret",
                        "HOME",
                        folder.toString()),
                args);
    }

    private static Ran runWith(Map<String, String> environment, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Cli.run(args, environment, new PrintWriter(out, true), new PrintWriter(err, true));
        return new Ran(exitCode, out.toString(), err.toString());
    }

    private static final String SNAPSHOT =
            "{\"id\": \"s1\", \"created_at\": \"2026-01-02T03:04:05.678Z\", \"status\": \"created\", \"error\": \"\","
                    + " \"visibility\": \"private\", \"tenant_name\": \"default_tenant\", \"created_by\": \"admin\"}";

    @Test
    void schedulesAreMadeWithTheFlagsOfTheManagersOwnCommand() {
        answers.put(
                "PUT /api/v3.1/execution-schedules/nightly?deployment_id=web",
                new Answer(201, json("{\"id\": \"nightly\"}")));

        Ran ran = run(
                "deployments",
                "schedule",
                "create",
                "web",
                "heal",
                "-n",
                "nightly",
                "-s",
                "2026-07-01 10:00",
                "--tz",
                "Europe/Berlin",
                "-r",
                "1 month",
                "-c",
                "5",
                "--weekdays",
                "2MO,L-FR",
                "--slip",
                "10",
                "--stop-on-fail",
                "-p",
                "a=b");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.exitCode()).isZero();
        assertThat(requests.get(0).body())
                .contains(
                        "\"workflow_id\":\"heal\"",
                        "\"since\":\"2026-07-01T08:00:00\"",
                        "\"time_zone\":\"Europe/Berlin\"",
                        "\"recurrence\":\"1 month\"",
                        "\"count\":5",
                        "\"weekdays\":[\"2MO\",\"L-FR\"]",
                        "\"slip\":10",
                        "\"stop_on_fail\":true",
                        "\"parameters\":{\"a\":\"b\"}")
                .doesNotContain("rrule", "until");
    }

    @Test
    void aChangeSendsOnlyWhatIsGivenAndTimesMayBeRelative() {
        answers.put(
                "PATCH /api/v3.1/execution-schedules/s?deployment_id=web", new Answer(201, json("{\"id\": \"s\"}")));

        Ran ran = run("deployments", "schedule", "update", "web", "s", "--until", "+2 months");

        assertThat(ran.exitCode()).isZero();
        assertThat(requests.get(0).body()).matches("\\{\"until\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:00\"\\}");
        assertThat(run("deployments", "schedule", "update", "web", "s", "--until", "soon")
                        .exitCode())
                .isEqualTo(2);
        assertThat(run("deployments", "schedule", "create", "web", "heal").exitCode())
                .isEqualTo(2);
    }

    @Test
    void schedulesArePreviewedTriggeredAndSummedUp() {
        answers.put(
                "POST /api/holdfast/v1/schedules/preview",
                new Answer(
                        200,
                        json(
                                "{\"items\": [{\"local\": \"2026-03-29T03:30:00+02:00\", \"note\": \"02:30 does not exist\"}]}")));
        answers.put(
                "GET /api/v3.1/summary/execution_schedules?_target_field=workflow_id",
                new Answer(
                        200,
                        json("{\"items\": [{\"workflow_id\": \"heal\", \"execution_schedules\": 2}],"
                                + " \"metadata\": {\"pagination\": {\"total\": 1}}}")));
        answers.put(
                "POST /api/holdfast/v1/schedules/s/pause?deployment_id=web", new Answer(200, json("{\"id\": \"s\"}")));

        assertThat(run("schedules", "preview", "--cron", "30 2 * * *", "--tz", "Europe/Berlin")
                        .out())
                .contains("2026-03-29T03:30:00+02:00", "02:30 does not exist");
        assertThat(run("deployments", "schedule", "summary", "workflow_id").out())
                .contains("| heal        | 2                   |");
        assertThat(run("schedules", "pause", "web", "s", "--note", "why").exitCode())
                .isZero();
        assertThat(requests.get(requests.size() - 1).body()).isEqualTo("{\"note\":\"why\"}");
    }

    @Test
    void aScheduleIsShownWithItsOccurrencesOrNotAtAll() {
        answers.put(
                "GET /api/v3.1/execution-schedules/s?deployment_id=web",
                new Answer(200, json("{\"id\": \"nightly\"}")));
        answers.put(
                "GET /api/holdfast/v1/schedules/s/preview?deployment_id=web&next=2",
                new Answer(200, json("{\"items\": [{\"at\": \"2026-03-29T01:30:00.000Z\"}]}")));
        answers.put(
                "GET /api/holdfast/v1/schedules/s/preview?deployment_id=web&next=0",
                new Answer(400, error("bad_parameters_error", "next: expected a number from 1 to 1000, but got: 0")));
        assertThat(run("deployments", "schedule", "get", "web", "s", "--preview", "2")
                        .out())
                .contains("nightly", "2026-03-29T01:30:00.000Z");
        assertThat(run("deployments", "schedule", "get", "web", "s", "--preview", "2", "--json")
                        .out())
                .contains("\"preview\"", "2026-03-29T01:30:00.000Z");
        Ran refused = run("deployments", "schedule", "get", "web", "s", "--preview", "0");
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("from 1 to 1000");
        assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void deploymentsAreMadeGroupedAndDeleted() {
        answers.put("PUT /api/v3.1/deployments/web", new Answer(201, json("{\"id\": \"web\"}")));
        answers.put(
                "GET /api/v3.1/deployments/web/outputs",
                new Answer(200, json("{\"deployment_id\": \"web\", \"outputs\": {\"url\": \"http://x\"}}")));
        answers.put("PATCH /api/v3.1/deployment-groups/g", new Answer(200, json("{\"id\": \"g\"}")));
        answers.put("DELETE /api/v3.1/deployments/web?force=true", new Answer(204, new byte[0]));
        answers.put("DELETE /api/v3.1/executions", new Answer(200, json("{\"items\": [{\"count\": 3}]}")));

        assertThat(run("deployments", "create", "web", "-b", "shop", "-i", "size=3", "-i", "name=a b")
                        .exitCode())
                .isZero();
        assertThat(requests.get(0).body()).contains("\"size\":3", "\"name\":\"a b\"");
        assertThat(run("deployments", "outputs", "web").out()).contains("http://x");
        assertThat(run("deployments", "groups", "extend", "g", "-d", "web", "--count", "2")
                        .exitCode())
                .isZero();
        assertThat(requests.get(2).body()).contains("\"deployment_ids\":[\"web\"]", "\"new_deployments\":[{},{}]");
        assertThat(run("deployments", "delete", "web", "--force").exitCode()).isZero();
        assertThat(run("executions", "delete", "--keep-last", "2").err()).contains("Deleted 3 executions");
    }

    @Test
    void listsAreTablesOnStandardOutputAndRemarksGoToStandardError() {
        answers.put(
                "GET /api/v3.1/snapshots?_offset=0&_size=1000&_sort=created_at",
                new Answer(
                        200,
                        json("{\"items\": [" + SNAPSHOT
                                + "], \"metadata\": {\"pagination\": {\"total\": 7, \"size\": 1000,"
                                + " \"offset\": 0}}}")));

        Ran ran = run("snapshots", "list");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).isEqualTo("""
            +----+--------------------------+---------+-------+------------+----------------+------------+
            | id | created_at               | status  | error | visibility | tenant_name    | created_by |
            +----+--------------------------+---------+-------+------------+----------------+------------+
            | s1 | 2026-01-02T03:04:05.678Z | created |       | private    | default_tenant | admin      |
            +----+--------------------------+---------+-------+------------+----------------+------------+
            """);
        assertThat(ran.err()).contains("Showing 1 of 7 snapshots");
    }

    @Test
    void deadLettersAreListedShownAndDecidedAbout() {
        answers.put(
                "GET /api/holdfast/v1/dead-letters?_offset=0&_size=1000&reason=FAILED&state=dead",
                new Answer(
                        200,
                        json(
                                "{\"items\": [{\"id\": 7, \"service\": \"scheduler\", \"reason\": \"FAILED\"}],"
                                        + " \"metadata\": {\"pagination\": {\"total\": 1}, \"unavailable\": {\"restore\": \"is away\"}}}")));
        answers.put(
                "GET /api/holdfast/v1/dead-letters/scheduler/7",
                new Answer(200, json("{\"id\": 7, \"reason\": \"FAILED\", \"payload\": \"{the body}\"}")));
        answers.put("POST /api/holdfast/v1/dead-letters/scheduler/7/replay", new Answer(200, json("{\"id\": 7}")));
        answers.put("POST /api/holdfast/v1/dead-letters/discard", new Answer(200, json("{\"count\": 3}")));

        Ran list = run("dead-letters", "list", "--reason", "FAILED", "--state", "dead");
        assertThat(list.exitCode()).as(list.err()).isZero();
        assertThat(list.out()).contains("| scheduler | 7  |");
        assertThat(list.err()).contains("Showing 1 of 1", "without those of restore: is away");
        assertThat(run("dead-letters", "show", "scheduler", "7").out()).contains("reason", "FAILED", "{the body}");
        assertThat(run("dead-letters", "replay", "scheduler", "7").err()).contains("scheduler/7 will be tried again");
        assertThat(run("dead-letters", "discard", "--type", "x.v1").err()).contains("3 messages discarded");
        assertThat(requests.get(requests.size() - 1).body()).isEqualTo("{\"type\":\"x.v1\"}");
        assertThat(run("dead-letters", "discard").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run("dead-letters", "discard", "scheduler").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void theAuditLogIsListedAndTruncated() {
        answers.put(
                "GET /api/v3.1/audit?creator_name=alice&since=2026-03-13T04%3A00%3A00&desc=true&offset=0&size=2",
                new Answer(
                        200,
                        json("{\"items\": [{\"creator_name\": \"alice\", \"operation\": \"delete\", \"ref_table\":"
                                + " \"blueprints\", \"ref_id\": \"b1\", \"status\": 204}],"
                                + " \"metadata\": {\"pagination\": {\"total\": 9, \"size\": 2, \"offset\": 0}}}")));
        answers.put("DELETE /api/v3.1/audit?before=2026-03-13T00%3A00%3A00", new Answer(200, json("{\"deleted\": 8}")));

        Ran list = run(
                "auditlog",
                "list",
                "-c",
                "alice",
                "--since",
                "2026-03-13 04:00",
                "--tz",
                "UTC",
                "--descending",
                "-s",
                "2");
        assertThat(list.exitCode()).as(list.err()).isZero();
        assertThat(list.out()).contains("alice", "delete", "b1", "204");
        assertThat(list.err()).contains("Showing 1 of 9 audit log entries");
        assertThat(run("auditlog", "truncate", "--before", "2026-03-13", "--tz", "UTC")
                        .err())
                .contains("8 audit log entries have been truncated");
        assertThat(run("auditlog", "truncate").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void jsonIsWhatTheServerSaid() throws IOException {
        answers.put("GET /api/v3.1/snapshots/s1", new Answer(200, json(SNAPSHOT)));

        Ran ran = run("snapshots", "get", "s1", "--json");

        assertThat(ran.exitCode()).isZero();
        assertThat(JSON.std.mapFrom(ran.out())).isEqualTo(JSON.std.mapFrom(SNAPSHOT));
    }

    @Test
    void createSendsTheFlagsAndWaitsUntilTheSnapshotIsThere() {
        answers.put("PUT /api/v3.1/snapshots/s1", new Answer(201, json("{\"id\": \"e1\", \"status\": \"pending\"}")));
        answers.put("GET /api/holdfast/v1/snapshots/s1", new Answer(200, json(SNAPSHOT)));
        answers.put("GET /api/v3.1/snapshots/s1", new Answer(200, json(SNAPSHOT)));

        Ran ran = run("snapshots", "create", "s1", "--exclude-logs", "--wait");

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("| s1 |");
        assertThat(requests.get(0).body())
                .contains("\"include_credentials\":true", "\"include_logs\":false", "\"include_events\":true");
        assertThat(requests.get(0).authorization()).isEqualTo("Basic YWRtaW46c2VjcmV0");
        assertThat(requests.get(0).tenant()).isEqualTo("default_tenant");
    }

    @Test
    void aSnapshotThatFailsEndsTheWaitingAsFailedWithItsReason() {
        answers.put("PUT /api/v3.1/snapshots/s1", new Answer(201, json("{\"id\": \"e1\"}")));
        answers.put(
                "GET /api/holdfast/v1/snapshots/s1",
                new Answer(200, json("{\"id\": \"s1\", \"status\": \"failed\", \"error\": \"disk full\"}")));

        Ran ran = run("snapshots", "create", "s1", "--wait");

        assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.err()).contains("disk full");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void aLogBundleIsMadeWaitedForDownloadedAndDeleted() throws IOException {
        // given
        String bundle = SNAPSHOT.replace("s1", "b1");
        answers.put("PUT /api/v3.1/log-bundles/b1", new Answer(201, json("{\"id\": \"e1\", \"status\": \"pending\"}")));
        answers.put("GET /api/v3.1/log-bundles/b1", new Answer(200, json(bundle)));
        answers.put("GET /api/v3.1/log-bundles/b1/archive", new Answer(200, json("zip zip zip")));
        answers.put("DELETE /api/v3.1/log-bundles/b1", new Answer(200, json(bundle)));
        Path target = folder.resolve("out.zip");
        // when
        Ran created = run("log-bundles", "create", "b1", "--queue", "--wait");
        Ran downloaded = run("log-bundles", "download", "b1", "-o", target.toString());
        Ran deleted = run("log-bundles", "delete", "b1");
        Ran missing = run("log-bundles", "get", "b2");
        // then
        assertThat(created.exitCode()).as(created.err()).isZero();
        assertThat(created.out()).contains("| b1 |");
        assertThat(requests.get(0).body()).isEqualTo("{\"queue\":true}");
        assertThat(downloaded.exitCode()).as(downloaded.err()).isZero();
        assertThat(Files.readString(target)).isEqualTo("zip zip zip");
        assertThat(deleted.err()).contains("Log bundle b1 deleted");
        assertThat(missing.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void aLogBundleThatFailsEndsTheWaitingAsFailedWithItsReason() {
        answers.put("PUT /api/v3.1/log-bundles/b1", new Answer(201, json("{\"id\": \"e1\"}")));
        answers.put(
                "GET /api/v3.1/log-bundles/b1",
                new Answer(200, json("{\"id\": \"b1\", \"status\": \"failed\", \"error\": \"disk full\"}")));

        Ran ran = run("log-bundles", "create", "b1", "--wait");

        assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.err()).contains("disk full");
    }

    @Test
    void uploadStreamsTheFileChunked() throws IOException {
        answers.put("PUT /api/v3.1/snapshots/mine/archive", new Answer(201, json(SNAPSHOT)));
        Path file = Files.writeString(folder.resolve("mine.zip"), "archive bytes");

        Ran ran = run("snapshots", "upload", file.toString());

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(requests.get(1).body()).isEqualTo("archive bytes");
        assertThat(requests.get(1).transferEncoding()).isEqualTo("chunked");
    }

    @Test
    void aRefusedUploadShowsTheReason() throws IOException {
        answers.put(
                "PUT /api/v3.1/snapshots/mine/archive",
                new Answer(400, error("invalid_snapshot_archive_error", "not a Zip file")));
        Path file = Files.writeString(folder.resolve("mine.zip"), "garbage");

        Ran ran = run("snapshots", "upload", file.toString());

        assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(ran.err()).contains("400: not a Zip file");
    }

    @Test
    void downloadWritesTheFileWhole() throws IOException {
        answers.put("GET /api/v3.1/snapshots/s1/archive", new Answer(200, json("zip zip zip")));
        Path target = folder.resolve("out.zip");

        Ran ran = run("snapshots", "download", "s1", "-o", target.toString());

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(Files.readString(target)).isEqualTo("zip zip zip");
        assertThat(folder.resolve("out.zip.part")).doesNotExist();
    }

    @Test
    void restoreSendsEveryParameterAndTheTenantOnlyWhenItWasGiven() {
        answers.put(
                "POST /api/v3.1/snapshots/s1/restore",
                new Answer(200, json("{\"id\": \"r1\", \"status\": \"pending\"}")));

        assertThat(run("snapshots", "restore", "s1", "-f").exitCode()).isZero();
        assertThat(run("snapshots", "restore", "\u2014tenant-name", "t2", "s1").exitCode())
                .isZero();

        assertThat(requests.get(0).body()).contains("\"force\":true").doesNotContain("tenant_name");
        assertThat(requests.get(1).body()).contains("\"force\":false", "\"tenant_name\":\"t2\"");
    }

    @Test
    void aTypographicDashIsReadAsTwoHyphensWithARemark() {
        StringWriter err = new StringWriter();
        String[] plain = Cli.plainDashes(
                new String[] {"snapshots", "create", "\u2014include-credentials", "a\u2014b"},
                new PrintWriter(err, true));
        assertThat(Arrays.asList(plain)).containsExactly("snapshots", "create", "--include-credentials", "a\u2014b");
        assertThat(err.toString()).contains("--include-credentials");
    }

    @Test
    void exitCodesTellWhatKindOfFailureItWas() {
        answers.put("GET /api/v3.1/snapshots/denied", new Answer(401, error("unauthorized_error", "no")));
        answers.put("GET /api/v3.1/snapshots/busy", new Answer(409, error("conflict_error", "dup")));
        assertThat(run("snapshots", "get", "nosuch").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(run("snapshots", "get", "denied").exitCode()).isEqualTo(ExitCode.UNAUTHORIZED);
        assertThat(run("snapshots", "get", "busy").exitCode()).isEqualTo(ExitCode.CONFLICT);
        assertThat(run("snapshots", "nosuchverb").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(runWith(Map.of("HOLDFAST_URL", "http://127.0.0.1:1", "HOLDFAST_PASSWORD", "x"), "snapshots", "list")
                        .exitCode())
                .isEqualTo(ExitCode.UNREACHABLE);
    }

    @Test
    void everyErrorOfTheManagerHasAnExitCode() {
        assertThat(ExitCode.of(400, "manager_not_clean_error")).isEqualTo(ExitCode.REFUSED);
        assertThat(ExitCode.of(409, "clocks_disagree_error")).isEqualTo(ExitCode.REFUSED);
        assertThat(ExitCode.of(400, "dependent_exists_error")).isEqualTo(ExitCode.CONFLICT);
        assertThat(ExitCode.of(405, "plugin_in_use")).isEqualTo(ExitCode.CONFLICT);
        assertThat(ExitCode.of(503, "maintenance_mode_active")).isEqualTo(ExitCode.CONFLICT);
        assertThat(ExitCode.of(503, "service_unavailable_error")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(ExitCode.of(400, "bad_parameters_error")).isEqualTo(ExitCode.USAGE);
        assertThat(ExitCode.of(400, "missing_required_deployment_input_error")).isEqualTo(ExitCode.USAGE);
        assertThat(ExitCode.of(400, "nonexistent_workflow_error")).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(ExitCode.of(400, "illegal_action_error")).isEqualTo(ExitCode.REFUSED);
        for (ErrorCode code : ErrorCode.values()) {
            int exitCode = ExitCode.of(code.httpStatus(), code.wireCode());
            assertThat(exitCode).as(code.wireCode()).isEqualTo(ExitCode.of(code));
            // what the two plainest statuses say is never told as something else
            if (List.of(401, 403, 404).contains(code.httpStatus())) {
                assertThat(exitCode).as(code.wireCode()).isEqualTo(ExitCode.of(code.httpStatus(), "of a proxy"));
            }
        }
        // what has no code of ours comes from something between
        assertThat(ExitCode.of(502, "null")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(ExitCode.of(504, "null")).isEqualTo(ExitCode.TIMEOUT);
        assertThat(ExitCode.of(500, "null")).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void anUnknownWorkflowIsNotFoundAndAMissingFileIsWrongUsageEverywhere() {
        answers.put(
                "POST /api/v3.1/executions",
                new Answer(
                        400,
                        error("nonexistent_workflow_error", "Workflow nosuch does not exist in the deployment shop")));
        assertThat(run("executions", "start", "nosuch", "-d", "shop").exitCode())
                .isEqualTo(ExitCode.NOT_FOUND);
        String missing = folder.resolve("missing").toString();
        for (List<String> line : List.of(
                List.of("snapshots", "inspect", missing),
                List.of("snapshots", "upload", missing),
                List.of("blueprints", "upload", missing),
                List.of("blueprints", "validate", missing),
                List.of("plugins", "upload", missing),
                List.of("secrets", "create", "k", "--secret-file", missing),
                List.of("secrets", "import", "-i", missing),
                List.of("snapshots", "list", "--password-file", missing))) {
            Ran ran = run(line.toArray(String[]::new));
            assertThat(ran.exitCode()).as(line + ran.err()).isEqualTo(ExitCode.USAGE);
            assertThat(ran.err()).contains(missing);
        }
    }

    /** The table of the document and the list of the help are one. */
    @Test
    void documentedExitCodesAreThoseOfTheHelp() throws IOException {
        List<String> documented = Files.readAllLines(Path.of("..", "docs", "cli.md")).stream()
                .filter(line -> line.matches("\\| \\d+ \\|.*"))
                .map(line -> line.replaceFirst("\\| (\\d+) \\| (.*) \\|", "$1:$2"))
                .toList();
        assertThat(Cli.class.getAnnotation(Command.class).exitCodeList()).containsExactlyElementsOf(documented);
    }

    @Test
    void withoutAUrlItFindsTheLocalStackByItsDataDirectory() throws IOException {
        answers.put("GET /api/v3.1/snapshots/s1", new Answer(200, json(SNAPSHOT)));
        Files.createDirectories(folder.resolve("run"));
        Files.writeString(
                folder.resolve("run/instance"),
                "state=ready\nport=" + server.getAddress().getPort() + "\n");
        Files.writeString(folder.resolve("admin-password"), "from-file\n");

        Ran ran = runWith(Map.of(), "snapshots", "get", "s1", "--data", folder.toString());

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(requests.get(0).authorization()).isEqualTo("Basic YWRtaW46ZnJvbS1maWxl");
    }

    @Test
    void maintenanceModeThatIsOnAlreadyIsSaidAndFails() {
        answers.put("POST /api/v3.1/maintenance/activate", new Answer(304, new byte[0]));
        Ran ran = run("maintenance-mode", "activate");
        assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.err()).contains("Maintenance mode is already on.");
    }

    @Test
    void inspectNeedsNoManagerAndRefusesWhatIsNoArchive() throws IOException {
        Path file = Files.writeString(folder.resolve("x.zip"), "this is no zip file");
        Ran ran = runWith(Map.of(), "snapshots", "inspect", file.toString());
        assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(ran.err()).contains("error:");
    }

    @Test
    void helpNamesTheExitCodes() {
        Ran ran = runWith(Map.of(), "--help");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("snapshots", "maintenance-mode", "Exit codes:", "refused by a check");
    }

    @Test
    void anUploadThatWouldMeetADuplicateIsNotEvenBegun() throws IOException {
        answers.put("GET /api/v3.1/snapshots/mine", new Answer(200, json(SNAPSHOT)));
        Path file = Files.writeString(folder.resolve("mine.zip"), "archive bytes");

        Ran ran = run("snapshots", "upload", file.toString());

        assertThat(ran.exitCode()).isEqualTo(ExitCode.CONFLICT);
        assertThat(requests).extracting(Request::line).containsExactly("GET /api/v3.1/snapshots/mine");
    }

    @Test
    void usersAreMadeChangedAndDeletedAndTheirPasswordIsNeverAnArgument() throws IOException {
        // given
        Path password = Files.writeString(folder.resolve("password"), "new password\nnot this\n");
        Answer user = new Answer(200, json("{\"username\": \"vera\", \"role\": \"default\", \"active\": true}"));
        answers.put("PUT /api/v3.1/users", user);
        answers.put("POST /api/v3.1/users/vera", user);
        answers.put("POST /api/v3.1/users/active/vera", user);
        answers.put("POST /api/v3.1/users/unlock/vera", user);
        answers.put("DELETE /api/v3.1/users/vera", new Answer(204, new byte[0]));
        // when
        Ran made = run("users", "create", "vera", "--new-password-file", password.toString());
        // then
        assertThat(made.exitCode()).as(made.err()).isZero();
        assertThat(made.out()).contains("| vera ").doesNotContain("new password");
        assertThat(run("users", "set-password", "vera", "--new-password-file", password.toString())
                        .exitCode())
                .isZero();
        assertThat(run("users", "set-role", "vera", "-r", "sys_admin").exitCode())
                .isZero();
        assertThat(run("users", "deactivate", "vera").exitCode()).isZero();
        assertThat(run("users", "activate", "vera").exitCode()).isZero();
        assertThat(run("users", "unlock", "vera").exitCode()).isZero();
        assertThat(run("users", "delete", "vera").exitCode()).isZero();
        assertThat(requests.stream().map(request -> request.line() + " " + request.body()))
                .containsExactly(
                        "PUT /api/v3.1/users"
                                + " {\"username\":\"vera\",\"password\":\"new password\",\"role\":\"default\"}",
                        "POST /api/v3.1/users/vera {\"password\":\"new password\"}",
                        "POST /api/v3.1/users/vera {\"role\":\"sys_admin\"}",
                        "POST /api/v3.1/users/active/vera {\"action\":\"deactivate\"}",
                        "POST /api/v3.1/users/active/vera {\"action\":\"activate\"}",
                        "POST /api/v3.1/users/unlock/vera ",
                        "DELETE /api/v3.1/users/vera ");
        assertThat(run("users", "create", "vera", "--new-password-file", "-", "--password-file", "-")
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
        Ran missing = run(
                "users",
                "set-password",
                "vera",
                "--new-password-file",
                folder.resolve("none").toString());
        assertThat(missing.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(missing.err()).contains("cannot read the password, ").contains(": there is no such file");
    }

    @Test
    void usersAndGroupsJoinTheTenantOfTheOption() {
        // given
        Answer tenant = new Answer(200, json("{\"name\": \"acme\", \"users\": 1, \"groups\": 0}"));
        answers.put("POST /api/v3.1/tenants/acme", tenant);
        for (String method : List.of("PUT", "PATCH")) {
            answers.put(method + " /api/v3.1/tenants/users", tenant);
            answers.put(method + " /api/v3.1/tenants/user-groups", tenant);
        }
        for (String path : List.of("users", "user-groups", "acme")) {
            answers.put("DELETE /api/v3.1/tenants/" + path, new Answer(204, new byte[0]));
        }
        // when
        List<Ran> all = List.of(
                run("tenants", "create", "acme"),
                run("tenants", "add-user", "vera", "-r", "user", "-t", "acme"),
                run("tenants", "update-user", "vera", "-r", "viewer", "-t", "acme"),
                run("tenants", "remove-user", "vera", "-t", "acme"),
                run("tenants", "add-user-group", "ops", "-r", "user", "-t", "acme"),
                run("tenants", "update-user-group", "ops", "-r", "viewer", "-t", "acme"),
                run("tenants", "remove-user-group", "ops", "-t", "acme"),
                run("tenants", "delete", "acme"));
        // then
        assertThat(all)
                .allSatisfy(ran -> assertThat(ran.exitCode()).as(ran.err()).isZero());
        assertThat(requests.stream().map(request -> request.line() + " " + request.body()))
                .containsExactly(
                        "POST /api/v3.1/tenants/acme {}",
                        "PUT /api/v3.1/tenants/users"
                                + " {\"username\":\"vera\",\"tenant_name\":\"acme\",\"role\":\"user\"}",
                        "PATCH /api/v3.1/tenants/users"
                                + " {\"username\":\"vera\",\"tenant_name\":\"acme\",\"role\":\"viewer\"}",
                        "DELETE /api/v3.1/tenants/users {\"username\":\"vera\",\"tenant_name\":\"acme\"}",
                        "PUT /api/v3.1/tenants/user-groups"
                                + " {\"group_name\":\"ops\",\"tenant_name\":\"acme\",\"role\":\"user\"}",
                        "PATCH /api/v3.1/tenants/user-groups"
                                + " {\"group_name\":\"ops\",\"tenant_name\":\"acme\",\"role\":\"viewer\"}",
                        "DELETE /api/v3.1/tenants/user-groups {\"group_name\":\"ops\",\"tenant_name\":\"acme\"}",
                        "DELETE /api/v3.1/tenants/acme ");
        assertThat(run("tenants", "add-user", "vera").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run("tenants", "get", "nosuch").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void groupsTakeUsersInAndLetThemGo() {
        // given
        Answer group = new Answer(200, json("{\"name\": \"ops\", \"role\": \"default\"}"));
        answers.put("POST /api/v3.1/user-groups", group);
        answers.put("POST /api/v3.1/user-groups/ops", group);
        answers.put("PUT /api/v3.1/user-groups/users", group);
        answers.put("DELETE /api/v3.1/user-groups/users", new Answer(204, new byte[0]));
        answers.put("DELETE /api/v3.1/user-groups/ops", new Answer(204, new byte[0]));
        // when
        Ran made = run("user-groups", "create", "ops", "--json");
        // then
        assertThat(made.exitCode()).as(made.err()).isZero();
        assertThat(made.out()).contains("\"name\"");
        assertThat(run("user-groups", "set-role", "ops", "-r", "sys_admin").exitCode())
                .isZero();
        assertThat(run("user-groups", "add-user", "vera", "-g", "ops").exitCode())
                .isZero();
        assertThat(run("user-groups", "remove-user", "vera", "-g", "ops").exitCode())
                .isZero();
        assertThat(run("user-groups", "delete", "ops").exitCode()).isZero();
        assertThat(requests.stream().map(request -> request.line() + " " + request.body()))
                .containsExactly(
                        "POST /api/v3.1/user-groups" + " {\"group_name\":\"ops\",\"role\":\"default\"}",
                        "POST /api/v3.1/user-groups/ops {\"role\":\"sys_admin\"}",
                        "PUT /api/v3.1/user-groups/users {\"username\":\"vera\",\"group_name\":\"ops\"}",
                        "DELETE /api/v3.1/user-groups/users {\"username\":\"vera\",\"group_name\":\"ops\"}",
                        "DELETE /api/v3.1/user-groups/ops ");
    }

    @Test
    void everyListTakesPartOrderTenantsAndSearch() {
        String envelope = "{\"items\": [], \"metadata\": {\"pagination\": {\"total\": 0}}}";
        for (String resource :
                List.of("snapshots", "executions", "blueprints", "deployments", "tenants", "users", "user-groups")) {
            requests.clear();
            run(resource, "list", "--sort-by", "x", "--descending", "-o", "5", "-s", "2", "-a", "--search", "a b");
            assertThat(requests.get(0).line())
                    .startsWith("GET /api/v3.1/" + resource
                            + "?_offset=5&_size=2&_sort=-x&_all_tenants=true&_search=a%20b");
        }
        answers.put(
                "GET /api/v3.1/events?_offset=0&_size=1000&_sort=reported_timestamp&execution_id=e1",
                new Answer(200, json(envelope)));
        Ran ran = run("events", "list", "-e", "e1");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out()).isEqualTo("""
            +--------------------+------+------------+-------+---------------+-------------+---------+
            | reported_timestamp | type | event_type | level | deployment_id | workflow_id | message |
            +--------------------+------+------------+-------+---------------+-------------+---------+
            """);
    }

    @Test
    void aRestoreThatWasRefusedByItsChecksSaysWhyAndWhatToDo() {
        answers.put("POST /api/v3.1/snapshots/s1/restore", new Answer(200, json("{\"id\": \"r1\"}")));
        answers.put(
                "GET /api/holdfast/v1/restores/r1",
                new Answer(
                        200,
                        json("{\"status\": \"failed\", \"error\": \"manager holds 3 deployments\","
                                + " \"error_code\": \"manager_not_clean_error\", \"hint\": \"use --force\"}")));

        Ran ran = run("snapshots", "restore", "s1", "--wait");

        assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(ran.err()).contains("restore r1 failed: manager holds 3 deployments\nuse --force");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void waitingOutlastsAManagerThatIsAwayForAMoment() {
        answers.put("POST /api/v3.1/snapshots/s1/restore", new Answer(200, json("{\"id\": \"r1\"}")));
        later.put(
                "GET /api/holdfast/v1/restores/r1",
                new ArrayList<>(List.of(
                        new Answer(200, json("{\"status\": \"staging\", \"phase\": \"loading\"}")),
                        new Answer(503, error("service_unavailable_error", "away")),
                        new Answer(200, json("{\"status\": \"completed\"}")))));

        Ran ran = run("snapshots", "restore", "s1", "--wait");

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out()).isEqualTo("Restored snapshot s1\n");
        assertThat(ran.err()).contains("restore r1: staging, loading", "restore r1: completed");
    }

    @Test
    void waitingThatTakesTooLongIsToldFromFailing() {
        answers.put("POST /api/v3.1/snapshots/s1/restore", new Answer(200, json("{\"id\": \"r1\"}")));
        answers.put("GET /api/holdfast/v1/restores/r1", new Answer(200, json("{\"status\": \"staging\"}")));

        Ran ran = run("snapshots", "restore", "s1", "--wait", "--timeout", "0");

        assertThat(ran.exitCode()).isEqualTo(ExitCode.TIMEOUT);
        assertThat(ran.err()).contains("is still staging after 0 s; it goes on");
    }

    @Test
    void historyOfAnExecutionShowsWhoChangedIt() {
        // given
        answers.put(
                "GET /api/holdfast/v1/executions/e%201/history?_size=2",
                new Answer(
                        200,
                        json("{\"items\": [{\"from\": \"started\", \"to\": \"cancelling\", \"changed_by\": \"ann\"}],"
                                + " \"metadata\": {\"pagination\": {\"total\": 1}}}")));
        // when
        Ran ran = run("executions", "history", "e 1", "--size", "2");
        // then
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("changed_by", "started", "cancelling", "ann");
    }

    @Test
    void replayOfEventsSaysHowManyItWere() {
        // given
        answers.put(
                "POST /api/holdfast/v1/events/replay",
                new Answer(200, json("{\"count\": 3, \"refused\": 1, \"services\": {\"scheduler\": 3}}")));
        // when
        Ran ran = run(
                "events",
                "replay",
                "--from",
                "2026-03-13T04:00:00Z",
                "--queue",
                "audit",
                "--type",
                "execution.failed.v1");
        // then
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err()).contains("3 events published again, 1 of them refused");
        assertThat(requests.get(requests.size() - 1).body())
                .contains("\"from\":\"2026-03-13T04:00:00Z\"", "\"queue\":\"audit\"", "\"dry_run\":false")
                .doesNotContain("\"to\"", "tenant_name");
    }

    @Test
    void limitsAreOfATenantOrOfAKeyOfIt() {
        answers.put(
                "PUT /api/holdfast/v1/limits/tenants/default_tenant",
                new Answer(200, json("{\"tenant_name\": \"default_tenant\", \"max_running\": 3}")));
        answers.put("DELETE /api/holdfast/v1/limits/keys/t2/gpu%20x", new Answer(204, new byte[0]));

        Ran set = run("limits", "set", "--max-running", "3");
        Ran removed = run("limits", "remove", "--key", "gpu x", "-t", "t2");

        assertThat(set.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(set.out()).contains("max_running", "default_tenant");
        assertThat(requests.get(0).body()).contains("\"max_running\":3");
        assertThat(removed.exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void startedExecutionsCanBeFollowedToTheirEnd() {
        answers.put("POST /api/v3.1/executions", new Answer(201, json("{\"id\": \"e1\", \"status\": \"pending\"}")));
        answers.put(
                "GET /api/v3.1/executions/e1",
                new Answer(200, json("{\"id\": \"e1\", \"status\": \"failed\", \"error\": \"not in this version\"}")));

        Ran ran = run(
                "executions", "start", "install", "-d", "d1", "--priority", "7", "--concurrency-key", "k", "--wait");

        assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.err()).contains("execution e1 failed: not in this version");
        assertThat(requests.get(0).body())
                .contains(
                        "\"workflow_id\":\"install\"",
                        "\"deployment_id\":\"d1\"",
                        "\"priority\":7",
                        "\"concurrency_key\":\"k\"");
    }

    @Test
    void aDownloadThatCannotBeWrittenIsNotTheManagersFault() {
        answers.put("GET /api/v3.1/snapshots/s1/archive", new Answer(200, json("zip")));

        Ran ran = run(
                "snapshots",
                "download",
                "s1",
                "-o",
                folder.resolve("none/out.zip").toString());

        assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.err()).contains("cannot write", "the directory does not exist");
    }

    @Test
    void aDownloadReplacesFilesOnly() throws IOException {
        // given: as a device is, in a place where nothing else can break
        Path socket = folder.resolve("socket");
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket));
            // when
            Ran ran = run("snapshots", "download", "s1", "-o", socket.toString());
            // then
            assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(ran.err()).contains("socket is there, and is no file; name a new file");
            assertThat(requests).isEmpty();
            assertThat(Files.isRegularFile(socket)).isFalse();
        }
    }

    @Test
    void aUrlThatIsNoneIsToldAsSuch() {
        Map<String, String> wrong = Map.of(
                "http://a b", "Illegal character in authority at character 8",
                "ftp://x", "it does not begin with http:// or https://",
                "file:///etc", "it does not begin with http:// or https://",
                "somewhere", "it does not begin with http:// or https://",
                "http:///x", "it names no host",
                "http://127.0.0.1:99999", "there is no port 99999, the last one is 65535");
        wrong.forEach((url, why) -> {
            Ran ran = run("snapshots", "list", "--url", url);
            assertThat(ran.exitCode()).as(url).isEqualTo(ExitCode.USAGE);
            assertThat(ran.err())
                    .isEqualTo("error: '" + url + "' is no URL: " + why + "; expected http(s)://HOST[:PORT][/PATH]\n");
            assertThat(run("cluster", "status", "--agent", url).err()).as(url).contains("is no URL: " + why);
        });
        assertThat(requests).isEmpty();
    }

    @Test
    void whatSendsNoJsonIsNoManager() {
        answers.put(
                "GET /api/v3.1/snapshots/s1", new Answer(200, "<html>Hello</html>".getBytes(StandardCharsets.UTF_8)));

        Ran ran = run("snapshots", "get", "s1");

        assertThat(ran.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(ran.err())
                .contains("is no manager: it sent no JSON", "--url")
                .doesNotContain("Unexpected");
    }

    @Test
    void aSnapshotInTheMakingTellsHowFarItIs() {
        Map<String, Object> progress = Map.of("phase", "exporting", "bytes", 25, "estimated_bytes", 200);

        Map<String, Object> creating =
                SnapshotsCommand.withProgress(Map.of("status", "creating", "progress", progress));
        Map<String, Object> created = SnapshotsCommand.withProgress(Map.of("status", "created", "progress", progress));

        assertThat(creating).containsEntry("phase", "exporting");
        assertThat(Waiting.percent(creating)).isEqualTo(" 13%");
        assertThat(created).doesNotContainKey("phase");
        assertThat(Waiting.percent(created)).isEmpty();
    }

    @Test
    void progressTellsTheShareOfTheBytes() {
        assertThat(Waiting.percent(Map.of("bytes_done", 25, "bytes_expected", 200)))
                .isEqualTo(" 13%");
        assertThat(Waiting.percent(Map.of("bytes_done", 0, "bytes_expected", 0)))
                .isEmpty();
        assertThat(new Progress(new PrintWriter(new StringWriter()), false, "s1", 4_000_000)
                        .line(1_000_000, 1_000_000_000L))
                .isEqualTo("s1 |########------------------------| 25.0% 1.0 MB/s");
    }

    private static final String DECISIONS =
            "[{\"execution_id\": \"e1\", \"tenant_name\": \"t1\", \"workflow_id\": \"heal\","
                    + " \"status_in_snapshot\": \"scheduled\", \"fate\": \"overdue\","
                    + " \"scheduled_for\": \"2020-03-13T04:00:00.000Z\", \"text\": \"x\"}]";

    @Test
    void aPlanTellsWhatWouldHappenAndThatItWouldBeRefused() {
        answers.put(
                "POST /api/holdfast/v1/restores/plan",
                new Answer(
                        200,
                        json("{\"possible\": false, \"refusals\": [{\"error_code\": \"manager_not_clean_error\","
                                + " \"message\": \"manager holds 3 deployments\", \"hint\": \"use --force\"}],"
                                + " \"replaces\": [\"3 deployments\"], \"restore\": {\"warnings\": [\"w\"],"
                                + " \"decisions\": " + DECISIONS + "}}")));

        Ran ran = run("snapshots", "restore", "s1", "--plan");

        assertThat(ran.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(ran.out()).isEqualTo("""
            Snapshot s1 cannot be restored
            refused: manager holds 3 deployments
                     use --force
            replaces: 3 deployments
            warning: w
            +--------------+-------------+-------------+--------------------+--------------------------+---------+
            | execution_id | tenant_name | workflow_id | status_in_snapshot | scheduled_for            | fate    |
            +--------------+-------------+-------------+--------------------+--------------------------+---------+
            | e1           | t1          | heal        | scheduled          | 2020-03-13T04:00:00.000Z | overdue |
            +--------------+-------------+-------------+--------------------+--------------------------+---------+
            """);
        assertThat(run("restores", "plan", "s1").exitCode()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void aRestoreIsShownWithItsCountsWarningsAndDecisions() {
        answers.put(
                "GET /api/holdfast/v1/restores/r1",
                new Answer(
                        200,
                        json("{\"id\": \"r1\", \"snapshot_id\": \"s1\", \"status\": \"completed\", \"error\": null,"
                                + " \"counts\": {\"inventory.blueprints\": 2}, \"warnings\": [\"w\"],"
                                + " \"decisions\": " + DECISIONS + "}")));

        Ran ran = run("restores", "get", "r1");

        assertThat(ran.out()).startsWith("""
            id            r1
            snapshot_id   s1
            status        completed
            +----------------------+------+
            | table                | rows |
            +----------------------+------+
            | inventory.blueprints | 2    |
            +----------------------+------+
            warning: w
            +--------------+\
            """);
    }

    @Test
    void flagsOfOtherVersionsAreTaken() {
        answers.put("PUT /api/v3.1/snapshots/s1", new Answer(201, json("{\"id\": \"e1\"}")));
        Ran ran = run(
                "snapshots",
                "create",
                "s1",
                "--no-legacy",
                "--include-credentials",
                "--queue",
                "--tempdir-path",
                "/x",
                "--listener-timeout",
                "1");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(requests.get(0).body()).contains("\"queue\":true", "\"tempdir_path\":\"/x\"");
    }

    @Test
    void aPlanInTheListIsNotTakenForARestore() {
        answers.put(
                "GET /api/holdfast/v1/restores",
                new Answer(200, json("{\"items\": [{\"id\": \"r1\", \"status\": \"completed\", \"dry_run\": true}]}")));
        assertThat(run("restores", "list").out()).contains("| r1 |", "| completed (plan) |");
    }

    @Test
    void aLongCellIsCutInTablesAndWholeInJson() {
        String error = "x".repeat(200);
        answers.put(
                "GET /api/v3.1/executions/e1", new Answer(200, json("{\"id\": \"e1\", \"error\": \"" + error + "\"}")));
        assertThat(run("executions", "get", "e1").out())
                .contains("x".repeat(79) + "…")
                .doesNotContain("x".repeat(80));
        assertThat(run("executions", "get", "e1", "--json").out()).contains(error);
    }

    @Test
    void addedProducersUrlIsTheOnlyThingOnStandardOutput() {
        answers.put(
                "PUT /api/holdfast/v1/producers/acme",
                new Answer(
                        201,
                        json("{\"client_id\": \"acme\", \"username\": \"alice\", \"tenants\": [\"t1\"],"
                                + " \"rate_per_second\": 20, \"reply_queue\": \"reply.acme\", \"url\":"
                                + " \"amqp://acme:pw@mq:5672/%2F\", \"password\": \"pw\", \"broker_users\":"
                                + " \"manual\", \"commands\": [\"rabbitmqctl add_user acme 'pw'\"]}")));

        Ran ran = run("producers", "add", "acme", "--as", "alice", "--tenant", "t1", "--rate", "20/s");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).isEqualTo("amqp://acme:pw@mq:5672/%2F\n");
        assertThat(ran.err()).contains("rabbitmqctl add_user acme 'pw'").contains("reply.acme");
        assertThat(requests.get(0).body())
                .contains("\"username\":\"alice\"")
                .contains("\"tenants\":[\"t1\"]")
                .contains("\"rate_per_second\":20");
        assertThat(run("producers", "add", "acme", "--as", "alice", "--rate", "fast")
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void removedProducerLeavesCommandsWhereTheManagerCannotReachTheBrokersUsers() {
        answers.put(
                "DELETE /api/holdfast/v1/producers/acme",
                new Answer(
                        200,
                        json("{\"client_id\": \"acme\", \"broker_users\": \"manual\", \"commands\": [\"rabbitmqctl"
                                + " delete_user acme\"]}")));

        Ran ran = run("producers", "remove", "acme");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("rabbitmqctl delete_user acme");
    }

    @Test
    void rulesOfFiltersAreReadAndSent() {
        answers.put("PUT /api/v3.1/filters/deployments/cf", new Answer(200, json("{\"id\": \"cf\"}")));
        Ran ran = run(
                "deployments",
                "filters",
                "create",
                "cf",
                "--labels-rule",
                "a=[b, c]",
                "--labels-rule",
                "d is null",
                "--attrs-rule",
                "site_name does-not-contain lon");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(requests.get(0).body())
                .isEqualTo(
                        "{\"filter_rules\":[{\"key\":\"a\",\"values\":[\"b\",\"c\"],\"operator\":\"any_of\",\"type\":\"label\"},"
                                + "{\"key\":\"d\",\"values\":[],\"operator\":\"is_null\",\"type\":\"label\"},"
                                + "{\"key\":\"site_name\",\"values\":[\"lon\"],\"operator\":\"not_contains\",\"type\":\"attribute\"}],"
                                + "\"visibility\":\"tenant\"}");
        Ran wrong = run("blueprints", "filters", "create", "cf", "--labels-rule", "no rule");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("'no rule' is no rule; expected KEY=VALUE");
    }

    @Test
    void secretsAreMadeAndExportedIntoAFileOfTheirOwn() throws IOException {
        answers.put("PUT /api/v3.1/secrets/ck", new Answer(200, json("{\"key\": \"ck\"}")));
        answers.put(
                "GET /api/v3.1/secrets/share/export?_all_tenants=false&_include_metadata=false&_passphrase=open%20sesame",
                new Answer(200, json("[{\"key\": \"ck\", \"value\": \"x\"}]")));
        Path passphrase = Files.writeString(folder.resolve("passphrase"), "open sesame\n");
        Path value = Files.writeString(folder.resolve("value"), "cv");
        Path output = folder.resolve("secrets.json");
        // when
        Ran made = run("secrets", "create", "ck", "-f", value.toString(), "--hidden-value");
        Ran exported = run("secrets", "export", "-o", output.toString(), "--passphrase-file", passphrase.toString());
        Ran unsaid = run("secrets", "export", "-o", output.toString());
        // then
        assertThat(made.exitCode()).as(made.err()).isZero();
        assertThat(requests.get(0).body())
                .isEqualTo(
                        "{\"value\":\"cv\",\"is_hidden_value\":true,\"update_if_exists\":false,\"visibility\":\"tenant\"}");
        assertThat(exported.exitCode()).as(exported.err()).isZero();
        assertThat(Files.readString(output)).contains("\"key\" : \"ck\"");
        assertThat(Files.getPosixFilePermissions(output)).hasSize(2);
        assertThat(unsaid.exitCode()).isEqualTo(2);
    }

    @Test
    void aSecretWithoutAValueIsRefusedAndFilesThatAreNotThereAreNamedByTheirUse() {
        Ran none = run("secrets", "create", "k");
        Ran noneOfSchema = run("secrets", "create", "k", "--schema", "s.json", "--provider", "vault");
        Ran noValue = run("secrets", "create", "k", "-f", "none.txt");
        Ran noInput = run("secrets", "import", "-i", "none.json");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err())
                .contains("a secret needs a value: say --secret-string TEXT or --secret-file FILE, or --provider NAME");
        assertThat(noneOfSchema.exitCode()).isEqualTo(2);
        assertThat(noneOfSchema.err()).contains("a secret needs a value").doesNotContain("--provider");
        assertThat(noValue.err()).contains("cannot read the value, none.txt: there is no such file");
        assertThat(noInput.err()).contains("cannot read the secrets, none.json: there is no such file");
        assertThat(requests).isEmpty();
    }

    @Test
    void aSecretOfAProviderNeedsNoValue() {
        answers.put("PUT /api/v3.1/secrets/k", new Answer(200, json("{\"key\": \"k\"}")));
        Ran ran = run("secrets", "create", "k", "--provider", "vault");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(requests.get(0).body()).contains("\"provider_name\":\"vault\"");
    }

    @Test
    void whatNoIdCanBeIsRefusedInWordsAboutTheId() {
        for (List<String> wrong : List.of(
                List.of("a/b", "it has `/` or `\\`"),
                List.of("a\\b", "it has `/` or `\\`"),
                List.of("..", "a path would mean something else by it"),
                List.of("", "it is empty"),
                List.of("a\tb", "it has control characters"))) {
            Ran put = run("snapshots", "create", wrong.get(0));
            Ran patched = run("secrets", "update", wrong.get(0), "-s", "x");
            for (Ran ran : List.of(put, patched)) {
                assertThat(ran.exitCode()).as(ran.err()).isEqualTo(2);
                assertThat(ran.err())
                        .contains("'" + wrong.get(0).replace('\t', '?') + "' is no id or name: " + wrong.get(1));
            }
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void aValueOfAQueryMayHaveASlash() {
        answers.put(
                "GET /api/v3.1/node-instances?_offset=0&_size=1000&_sort=node_id&deployment_id=a%2Fb",
                new Answer(200, page("{\"id\": \"i\"}")));
        assertThat(run("node-instances", "list", "-d", "a/b").exitCode()).isZero();
    }

    @Test
    void lessThanNoneIsRefused() {
        Ran ran = run("deployments", "groups", "extend", "g", "--count", "-1");
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("--count is -1, expected a whole number, 0 or more");
        assertThat(requests).isEmpty();
    }

    @Test
    void secretsThatAnImportCouldNotTakeAreNamed() throws IOException {
        answers.put(
                "POST /api/v3.1/secrets/share/import",
                new Answer(
                        200,
                        json(
                                "{\"colliding_secrets\": {\"t\": [\"a\"]}, \"secrets_errors\": {\"1\": {\"key\": \"wrong\"}}}")));
        Path input = Files.writeString(folder.resolve("in.json"), "[{\"key\": \"a\"}, {\"key\": \"1\"}]");
        Ran ran = run("secrets", "import", "-i", input.toString());
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .contains("there already in tenant t, left as they were: [\"a\"]")
                .contains("secret 1 of the file: {\"key\":\"wrong\"}");
    }

    @Test
    void aWagonAndItsYamlAreUploadedAsOneArchive() throws IOException {
        answers.put(
                "POST /api/v3.1/plugins?visibility=tenant&title=My%20plugin", new Answer(201, json("{\"id\": \"p\"}")));
        answers.put("DELETE /api/v3.1/plugins/p", new Answer(204, new byte[0]));
        Path wagon = Files.writeString(folder.resolve("net.wgn"), "wagon");
        Path yaml = Files.writeString(folder.resolve("plugin.yaml"), "plugins: {}");
        Ran ran = run("plugins", "upload", wagon.toString(), "-y", yaml.toString(), "--title", "My plugin");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(requests.get(0).body()).startsWith("PK").contains("net.wgn").contains("plugin.yaml");
        assertThat(run("plugins", "delete", "p", "--force").exitCode()).isZero();
        assertThat(requests.get(1).body()).isEqualTo("{\"force\":true}");
        assertThat(run("plugins", "upload", "none.wgn").err()).contains("no such file: none.wgn");
        for (String verb : List.of("plugins", "blueprints", "snapshots")) {
            Ran wrong = run(verb, "upload", "http://exa mple/x.zip");
            assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(wrong.err())
                    .isEqualTo(
                            "error: 'http://exa mple/x.zip' is no URL: Illegal character in authority at character 8;"
                                    + " expected http(s)://HOST[:PORT][/PATH]\n");
            assertThat(run(verb, "upload", "http://").err()).contains("'http://' is no URL: ");
            assertThat(run(verb, "upload", "https:///x.zip").err()).contains("it names no host");
        }
    }

    @Test
    void aBlueprintGoesWithAllOfItsDirectory() throws IOException {
        answers.put(
                "PUT /api/v3.1/blueprints/shop?visibility=tenant&labels=%5B%7B%22env%22%3A%22test%22%7D%2C%7B%22team%22%3A%22a%3Ab%22%7D%5D"
                        + "&application_file_name=app.yaml",
                new Answer(201, json("{\"id\": \"shop\", \"state\": \"uploaded\"}")));
        Path directory = Files.createDirectory(folder.resolve("shop"));
        Path main = Files.writeString(directory.resolve("app.yaml"), "tosca_definitions_version: cloudify_dsl_1_5");
        Files.writeString(Files.createDirectory(directory.resolve("scripts")).resolve("run.sh"), "echo");
        Files.createSymbolicLink(directory.resolve("outside"), Files.writeString(folder.resolve("secret"), "x"));
        // when
        Ran ran = run("blueprints", "upload", main.toString(), "--labels", "env:test,team:a:b");
        // then
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("uploaded");
        assertThat(requests.get(0).body())
                .startsWith("PK")
                .contains("shop/app.yaml", "shop/scripts/run.sh")
                .doesNotContain("outside");
        assertThat(requests.get(0).transferEncoding()).isEqualTo("chunked");
    }

    @Test
    void anArchiveOfABlueprintGoesAsItIsAndIsNamedByItsFile() throws IOException {
        answers.put(
                "PUT /api/v3.1/blueprints/web?visibility=private&application_file_name=blueprint.yaml",
                new Answer(201, json("{\"id\": \"web\"}")));
        answers.put(
                "PUT /api/v3.1/blueprints/far?visibility=tenant&application_file_name=blueprint.yaml"
                        + "&blueprint_archive_url=http%3A%2F%2Fhost%2Fx%2Ffar.zip",
                new Answer(201, json("{\"id\": \"far\"}")));
        Path archive = Files.writeString(folder.resolve("web.tar.gz"), "archive");
        assertThat(run("blueprints", "upload", archive.toString(), "-l", "private")
                        .exitCode())
                .isZero();
        assertThat(requests.get(0).body()).isEqualTo("archive");
        assertThat(run("blueprints", "upload", "http://host/x/far.zip").exitCode())
                .isZero();
    }

    @Test
    void aBlueprintIsDownloadedUnderTheEndingOfItsArchive() throws IOException {
        answers.put("GET /api/v3.1/blueprints/b-zip/archive", new Answer(200, "PK..".getBytes(StandardCharsets.UTF_8)));
        Path here = Path.of("b-zip.zip");
        try {
            Ran ran = run("blueprints", "download", "b-zip");
            assertThat(ran.exitCode()).as(ran.err()).isZero();
            assertThat(ran.err()).contains("Downloaded 4 bytes to b-zip.zip");
            assertThat(here).hasContent("PK..");
            assertThat(Path.of("b-zip.download")).doesNotExist();
        } finally {
            Files.deleteIfExists(here);
        }
    }

    @Test
    void aBlueprintThatIsNotThereIsNotSent() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThat(run("blueprints", "upload", "none.zip").err()).contains("no such file: none.zip");
        Ran noMain = run("blueprints", "validate", empty.toString());
        assertThat(noMain.exitCode()).isEqualTo(2);
        assertThat(noMain.err()).contains("no file blueprint.yaml in " + empty, "-n");
        Path archive = Files.writeString(folder.resolve("web.zip"), "archive");
        assertThat(run("blueprints", "upload", archive.toString(), "--labels", "env")
                        .err())
                .contains("the label env is not of the form KEY:VALUE");
        assertThat(requests).isEmpty();
    }

    @Test
    void aNumberThatIsNoneIsRefusedInOneLineOfWords() {
        Map<String, String> refusals = new LinkedHashMap<>();
        refusals.put(
                "snapshots create s --wait --timeout abc",
                "--timeout is abc, expected a whole number of seconds, 0 or more");
        refusals.put(
                "executions start install -d d --timeout 99999999999",
                "--timeout is 99999999999, expected a whole number from 0 to 2147483647");
        refusals.put("executions start install -d d --priority high", "--priority is high, expected a whole number");
        refusals.put(
                "schedules preview d s --next 99999999999",
                "--next is 99999999999, expected a whole number from -2147483648 to 2147483647");
        refusals.put("deployments schedule get d s --preview x", "--preview is x, expected a whole number");
        refusals.put("snapshots list -s 1.5", "--pagination-size is 1.5, expected a whole number");
        refusals.put("snapshots create s --listener-timeout soon", "--listener-timeout is soon, expected a number");
        refusals.put("deployments groups extend g --count many", "--count is many, expected a whole number, 0 or more");
        refusals.put("cluster history --last -1", "--last is -1, expected a whole number, 0 or more");
        refusals.put("cluster salvage show one", "ID is one, expected a whole number");
        refusals.put("producers add p --as u --rate many/s", "--rate is many/s, expected requests a second, like 50/s");
        refusals.forEach((line, refusal) -> {
            Ran ran = run(line.split(" "));
            assertThat(ran.err()).as(line).isEqualTo("error: " + refusal + System.lineSeparator());
            assertThat(ran.exitCode()).as(line).isEqualTo(ExitCode.USAGE);
        });
        assertThat(requests).isEmpty();
    }

    @Test
    void aWaitOfLessThanNoTimeIsRefusedBeforeAnythingIsAskedFor() {
        for (List<String> verb : List.of(
                List.of("snapshots", "create", "s"),
                List.of("snapshots", "restore", "s"),
                List.of("executions", "start", "install", "-d", "d"),
                List.of("maintenance-mode", "activate"))) {
            List<String> args = new ArrayList<>(verb);
            args.addAll(List.of("--wait", "--timeout", "-1"));
            Ran ran = run(args.toArray(String[]::new));
            assertThat(ran.exitCode()).isEqualTo(2);
            assertThat(ran.err()).contains("--timeout is -1, expected a whole number of seconds, 0 or more");
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void nodesAndTheirInstancesAreListedAndShown() {
        answers.put(
                "GET /api/v3.1/nodes?_offset=0&_size=1000&_sort=deployment_id&deployment_id=d%201",
                new Answer(200, page("{\"id\": \"srv\", \"type\": \"cloudify.nodes.Root\"}")));
        answers.put("GET /api/v3.1/nodes?deployment_id=d&id=srv", new Answer(200, page("{\"id\": \"srv\"}")));
        answers.put("GET /api/v3.1/nodes?deployment_id=d&id=none", new Answer(200, page("")));
        answers.put(
                "GET /api/v3.1/node-instances?_offset=0&_size=1000&_sort=node_id&deployment_id=d&node_id=srv",
                new Answer(200, page("{\"id\": \"srv_a1\", \"state\": \"started\"}")));
        answers.put(
                "GET /api/v3.1/node-instances/srv_a1",
                new Answer(200, json("{\"id\": \"srv_a1\", \"state\": \"started\"}")));
        answers.put(
                "GET /api/v3.1/deployments/d", new Answer(200, json("{\"id\": \"d\", \"inputs\": {\"name\": \"x\"}}")));
        assertThat(run("nodes", "list", "-d", "d 1").out()).contains("srv", "cloudify.nodes.Root");
        assertThat(run("nodes", "get", "srv", "-d", "d").out()).contains("srv");
        Ran none = run("nodes", "get", "none", "-d", "d");
        assertThat(none.exitCode()).isEqualTo(3);
        assertThat(none.err()).contains("deployment d has no node none");
        assertThat(run("node-instances", "list", "-d", "d", "-n", "srv").out()).contains("srv_a1", "started");
        assertThat(run("node-instances", "get", "srv_a1").out()).contains("started");
        assertThat(run("deployments", "get", "d").out()).contains("| d ");
        assertThat(run("deployments", "inputs", "d").out()).contains("name", "x");
    }

    private static byte[] page(String item) {
        return json("{\"items\": [" + item + "], \"metadata\": {\"pagination\": {\"total\": " + (item.isEmpty() ? 0 : 1)
                + ", \"offset\": 0, \"size\": 1000}}}");
    }

    @Test
    void executionsOfOneDeploymentAreDeletedAlone() {
        answers.put(
                "DELETE /api/v3.1/executions?deployment_id=d%201",
                new Answer(200, json("{\"items\": [{\"count\": 2}]}")));
        Ran ran = run("executions", "delete", "--all", "-d", "d 1");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("Deleted 2 executions");
    }
}
