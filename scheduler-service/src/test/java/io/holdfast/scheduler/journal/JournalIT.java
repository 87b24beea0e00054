package io.holdfast.scheduler.journal;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.Event;
import io.holdfast.contracts.events.SchedulerCommand.RecordEvents;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.IdentitySigner;
import io.holdfast.messaging.EventJson;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What workers report, over REST and as commands. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class JournalIT {

    private static final String TENANT = "journal";
    private static final String STREAM = "/internal/scheduler/v1/events/stream";
    private static final Instant NOON = Instant.parse("2026-03-13T12:00:00.123Z");

    @Inject
    IdentitySigner signer;

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    @ConfigProperty(name = "holdfast.broker.url")
    String brokerUrl;

    @ConfigProperty(name = "holdfast.scheduler.deleted-events.directory")
    Path deletedEvents;

    @BeforeEach
    void anExecution() throws SQLException {
        execute("DELETE FROM scheduler.events WHERE tenant_name = '" + TENANT + "'");
        execute("DELETE FROM scheduler.executions WHERE tenant_name = '" + TENANT + "'");
        execute("DELETE FROM scheduler.execution_groups WHERE tenant_name = '" + TENANT + "'");
        execute("INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, deployment_id, blueprint_id,"
                + " created_at, created_by, dispatch_token) VALUES"
                + " ('journal', 'e1', 'backup', 'started', 'shop', 'web-shop', now(), 'alice', 'dispatch-1'),"
                + " ('journal', 'e2', 'backup', 'terminated', 'shop', 'web-shop', now(), 'alice', 'dispatch-2'),"
                + " ('journal', 'e3', 'backup', 'scheduled', 'shop', 'web-shop', now(), 'alice', NULL)");
        execute("INSERT INTO scheduler.execution_groups (tenant_name, id, workflow_id, created_at)"
                + " VALUES ('journal', 'g1', 'backup', now())");
    }

    @Test
    void eventsAndLogsOverRestAreReadableAtOnce() {
        // when
        post(null, """
                {"execution_id": "e1", "manager_name": "m1", "agent_name": "a1",
                 "events": [{"event_type": "task_failed", "message": {"text": "Task failed"},
                   "timestamp": "2026-03-13T12:00:00.123Z", "operation": "shop.backup",
                   "context": {"node_id": "app_x1", "node_name": "app", "source_id": "s", "target_id": "t",
                               "task_error_causes": [{"type": "E", "message": "no\\u0000space"}]}}],
                 "logs": [{"logger": "ctx", "level": "info", "message": {"text": "one\\u0000two"},
                   "timestamp": "2026-03-13T12:00:01.000000", "context": {"operation": "shop.restore"}}]}
                """).statusCode(201).body(equalTo("null"));
        // then
        as(null, "GET", "/internal/scheduler/events")
                .queryParam("_sort", "reported_timestamp")
                .get("/internal/scheduler/events")
                .then()
                .statusCode(200)
                .body("items[0].event_type", equalTo("task_failed"))
                .body("items[0].execution_id", equalTo("e1"))
                .body("items[0].workflow_id", equalTo("backup"))
                .body("items[0].deployment_id", equalTo("shop"))
                .body("items[0].reported_timestamp", equalTo("2026-03-13T12:00:00.123Z"))
                .body("items[0].node_instance_id", equalTo("app_x1"))
                .body("items[0].source_id", equalTo("s"))
                .body("items[0].manager_name", equalTo("m1"))
                .body("items[0].error_causes[0].type", equalTo("E"))
                .body("items[1].type", equalTo("cloudify_log"))
                .body("items[1].level", equalTo("info"))
                .body("items[1].operation", equalTo("shop.restore"))
                .body("items[1].reported_timestamp", equalTo("2026-03-13T12:00:01.000Z"))
                .body("items[1].message", equalTo("one\ufffdtwo"));
    }

    @Test
    void eventsAndLogsOfOneRequestAreReadInTheOrderInWhichTheyHappened() throws SQLException {
        // when
        post(null, """
                {"execution_id": "e1",
                 "events": [
                   {"event_type": "workflow_node_event", "message": {"text": "two"}, "timestamp": "2026-03-13T12:00:00.000002Z"},
                   {"event_type": "workflow_node_event", "message": {"text": "four"}, "timestamp": "2026-03-13T12:00:00.000004Z"}],
                 "logs": [
                   {"level": "info", "message": {"text": "one"}, "timestamp": "2026-03-13T12:00:00.000001Z"},
                   {"level": "info", "message": {"text": "three"}, "timestamp": "2026-03-13T12:00:00.000003Z"}]}
                """).statusCode(201);
        // then
        as(null, "GET", "/internal/scheduler/events")
                .queryParam("_sort", "timestamp")
                .get("/internal/scheduler/events")
                .then()
                .body("items.message", contains("one", "two", "three", "four"));
    }

    @Test
    void whatAnotherManagerWroteDownKeepsItsTimesForAdministrators() {
        // given: as a list shows a line, and as a worker sends one
        String body = """
                {"execution_id": "e1", "events": [{"event_type": "task_failed", "message": {"text": "Task failed"},
                   "timestamp": "2024-05-01T10:00:02.000Z", "reported_timestamp": "2024-05-01T10:00:01.000Z", "context": {},
                   "error_causes": [{"type": "E"}]}]}
                """;
        // when
        post(null, body).statusCode(201);
        // then
        as(null, "GET", "/internal/scheduler/events")
                .get("/internal/scheduler/events")
                .then()
                .body("items.timestamp", contains("2024-05-01T10:00:02.000Z"))
                .body("items.reported_timestamp", contains("2024-05-01T10:00:01.000Z"))
                .body("items[0].error_causes[0].type", equalTo("E"));
        // when: not an administrator
        CallerIdentity bob = new CallerIdentity(
                "bob", false, TENANT, List.of(TENANT), List.of("user"), "http_basic", Instant.EPOCH, null);
        signed(bob, "POST", "/internal/scheduler/events")
                .body(body)
                .post("/internal/scheduler/events")
                .then()
                .statusCode(201);
        // then: the line is written down now
        as(null, "GET", "/internal/scheduler/events")
                .queryParam("_sort", "-timestamp")
                .get("/internal/scheduler/events")
                .then()
                .body("items[0].timestamp", greaterThan("2026"))
                .body("items[0].reported_timestamp", equalTo("2024-05-01T10:00:01.000Z"));
    }

    @Test
    void asManyLinesAreTakenAtOnceAsAListShows() {
        // given
        String line = "{\"logger\": \"l\", \"level\": \"info\", \"message\": {\"text\": \"x\"}, \"context\": {}}";
        String most = String.join(",", Collections.nCopies(10_000, line));
        // when, then
        post(null, "{\"execution_id\": \"e1\", \"logs\": [" + most + "]}").statusCode(201);
        post(null, "{\"execution_id\": \"e1\", \"logs\": [" + most + "," + line + "]}")
                .statusCode(400)
                .body("detail", equalTo("10001 events and logs in one request, expected at most 10000"));
        as(null, "GET", "/internal/scheduler/events")
                .queryParam("_size", 1)
                .get("/internal/scheduler/events")
                .then()
                .body("metadata.pagination.total", equalTo(10_000));
    }

    @Test
    void aWorkersOwnExecutionIsUnderstood() throws SQLException {
        // when
        post("e1", "{\"events\": [{\"event_type\": \"task_started\", \"message\": {\"text\": \"go\"}}]}")
                .statusCode(201);
        // then
        assertThat(texts("SELECT execution_id FROM scheduler.events WHERE tenant_name = 'journal'"))
                .containsExactly("e1");
    }

    @Test
    void aGroupsEventsAreTheGroups() throws SQLException {
        // when
        post(null, "{\"execution_group_id\": \"g1\", \"logs\": [{\"message\": {\"text\": \"go\"}}]}")
                .statusCode(201);
        // then
        assertThat(texts("SELECT execution_group_id FROM scheduler.events WHERE tenant_name = 'journal'"))
                .containsExactly("g1");
    }

    @Test
    void whatCannotBeWrittenIsRefusedWithTheReason() throws SQLException {
        post(null, "{\"events\": []}")
                .statusCode(409)
                .body("detail", equalTo("No execution passed, and not authenticated by an execution token"));
        post(null, "{\"execution_id\": \"e1\", \"execution_group_id\": \"g1\"}")
                .statusCode(409)
                .body("detail", containsString("both given"));
        post(null, "{\"execution_id\": \"e1\"}").statusCode(204);
        post(null, "{\"execution_id\": \"e1\", \"events\": [{}]}")
                .statusCode(400)
                .body("detail", containsString("event_type"));
        post(null, "{\"execution_id\": \"e1\", \"logs\": [{\"timestamp\": \"noon\"}]}")
                .statusCode(400)
                .body("detail", containsString("noon"));
        post(null, "{\"execution_id\": \"e1\", \"logs\": {}}").statusCode(400);
        post(null, "{\"execution_id\": \"elsewhere\", \"logs\": [{}]}").statusCode(404);
        assertThat(texts("SELECT message FROM scheduler.events WHERE tenant_name = 'journal'"))
                .isEmpty();
    }

    @Test
    void commandsWriteLinesOfExecutionsThatAreThereOnceEach() throws Exception {
        // given
        UUID id = UUID.randomUUID();
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(brokerUrl);
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            // when
            send(channel, UUID.randomUUID(), lines("elsewhere", "lost"));
            send(channel, id, lines("e1", "first"));
            send(channel, id, lines("e1", "first"));
            send(channel, UUID.randomUUID(), lines("e1", "last"));
        }
        // then
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(
                                texts(
                                        "SELECT message FROM scheduler.events WHERE tenant_name = 'journal' ORDER BY storage_id"))
                        .containsExactly("first event", "first log", "last event", "last log"));
    }

    @Test
    void theGatewayLearnsWhoHoldsAnExecutionAndNobodyElseDoes() {
        service("/internal/scheduler/dispatches/e1")
                .statusCode(200)
                .body("token", equalTo("dispatch-1"))
                .body("created_by", equalTo("alice"))
                .body("active", equalTo(true));
        service("/internal/scheduler/dispatches/e2").statusCode(200).body("active", equalTo(false));
        service("/internal/scheduler/dispatches/e3")
                .statusCode(200)
                .body("active", equalTo(false))
                .body("token", equalTo(null));
        service("/internal/scheduler/dispatches/elsewhere").statusCode(404);
        as(null, "GET", "/internal/scheduler/dispatches/e1")
                .get("/internal/scheduler/dispatches/e1")
                .then()
                .statusCode(403);
    }

    @Test
    void operationsThatACancelHasLeftRunningMayStillReportForADay() throws SQLException {
        // given
        execute(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, created_at, ended_at, created_by,"
                        + " dispatch_token, total_operations, finished_operations) VALUES"
                        + " ('journal', 'left', 'backup', 'cancelled', now(), now(), 'alice', 'dispatch-1', 4, 3),"
                        + " ('journal', 'done', 'backup', 'cancelled', now(), now(), 'alice', 'dispatch-1', 4, 4),"
                        + " ('journal', 'none', 'backup', 'cancelled', now(), now(), 'alice', 'dispatch-1', NULL, NULL),"
                        + " ('journal', 'died', 'backup', 'cancelled', now(), now() - interval '25 hours', 'alice', 'dispatch-1', 4, 3),"
                        + " ('journal', 'failed', 'backup', 'failed', now(), now(), 'alice', 'dispatch-1', 4, 3)");
        // when, then
        service("/internal/scheduler/dispatches/left").statusCode(200).body("active", equalTo(true));
        for (String id : List.of("done", "none", "died", "failed")) {
            service("/internal/scheduler/dispatches/" + id).statusCode(200).body("active", equalTo(false));
        }
    }

    @Test
    void eventsOfADeploymentAreDeletedWithItsLogsOnlyIfTheyAreAskedFor() {
        // given
        post(null, """
                {"execution_id": "e1", "events": [{"event_type": "a", "message": {"text": "one"}},
                                                  {"event_type": "b", "message": {"text": "two"}}],
                 "logs": [{"logger": "ctx", "level": "info", "message": {"text": "three"}}]}
                """).statusCode(201);
        // then
        delete("deployment_id=shop").statusCode(400).body("detail", equalTo("Filter by type is expected"));
        delete("type=cloudify_event").statusCode(400).body("detail", containsString("`deployment_id`"));
        delete("type=cloudify_event&deployment_id=shop&nosuch=1")
                .statusCode(400)
                .body("detail", containsString("Unknown field to filter by: nosuch"));
        delete("type=cloudify_event&deployment_id=elsewhere").statusCode(200).body("items[0]", equalTo(0));
        delete("type=cloudify_event&deployment_id=shop&message.text=%25ON%25")
                .statusCode(200)
                .body("items[0]", equalTo(1))
                .body("metadata.pagination.total", equalTo(1));
        delete("type=cloudify_event&type=cloudify_log&deployment_id=shop&store_before=False")
                .statusCode(200)
                .body("items[0]", equalTo(2));
    }

    @Test
    void deletedEventsAreKeptInAFileFirstIfThatIsWanted() throws IOException {
        // given
        post(null, """
                {"execution_id": "e1", "events": [{"event_type": "a", "message": {"text": "one"}}],
                 "logs": [{"logger": "ctx", "level": "info", "message": {"text": "two"}}]}
                """).statusCode(201);
        Set<Path> before = files();
        // when
        delete("type=cloudify_event&type=cloudify_log&deployment_id=shop&store_before=true")
                .statusCode(200)
                .body("items[0]", equalTo(2));
        delete("type=cloudify_event&deployment_id=shop&store_before=true")
                .statusCode(200)
                .body("items[0]", equalTo(0));
        // then
        Set<Path> made = files();
        made.removeAll(before);
        assertThat(made).hasSize(1);
        Path file = made.iterator().next();
        assertThat(file.getFileName().toString()).matches("journal_shop_\\d{8}T\\d{12}Z\\.jsonl");
        assertThat(Files.readAllLines(file)).hasSize(2).allMatch(line -> line.contains("\"execution_id\": \"e1\""));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    private Set<Path> files() throws IOException {
        if (!Files.isDirectory(deletedEvents)) {
            return new HashSet<>();
        }
        try (Stream<Path> files = Files.list(deletedEvents)) {
            return files.collect(Collectors.toCollection(HashSet::new));
        }
    }

    private ValidatableResponse delete(String query) {
        return as(null, "DELETE", "/internal/scheduler/events")
                .urlEncodingEnabled(false)
                .delete("/internal/scheduler/events?" + query)
                .then();
    }

    @Test
    @Timeout(120)
    void theStreamGoesOnAfterTheLastEventThatAClientHasSeen() throws Exception {
        // given
        post(null, """
                {"execution_id": "e1", "events": [{"event_type": "a", "message": {"text": "first"}},
                                                  {"event_type": "a", "message": {"text": "second"}}]}
                """).statusCode(201);
        String last;
        // when
        try (BufferedReader lines = stream("?execution_id=e1&_range=timestamp,2020-01-01,", null)) {
            assertThat(next(lines, "data:")).contains("\"first\"");
            last = next(lines, "id:");
            assertThat(next(lines, "data:")).contains("\"second\"");
        }
        post(null, """
                {"execution_id": "e1", "logs": [{"logger": "ctx", "level": "info", "message": {"text": "third"}}]}
                """).statusCode(201);
        // then: what follows the id, whichever of the two it stood before, and what comes after
        try (BufferedReader lines = stream("?execution_id=e1", last)) {
            String data = next(lines, "data:");
            if (data.contains("\"second\"")) {
                data = next(lines, "data:");
            }
            assertThat(data).contains("\"third\"", "cloudify_log");
            post(null, """
                    {"execution_id": "e2", "events": [{"event_type": "a", "message": {"text": "of another"}}]}
                    """).statusCode(201);
            post(null, """
                    {"execution_id": "e1", "events": [{"event_type": "a", "message": {"text": "fourth"}}]}
                    """).statusCode(201);
            assertThat(next(lines, "data:")).contains("\"fourth\"");
        }
        as(null, "GET", STREAM)
                .header("Last-Event-ID", "x1")
                .get(STREAM)
                .then()
                .statusCode(400)
                .body("detail", containsString("Last-Event-ID is `x1`"));
        as(null, "GET", STREAM)
                .get(STREAM + "?_after=-1")
                .then()
                .statusCode(400)
                .body("detail", containsString("_after is `-1`"));
        as(null, "GET", STREAM).get(STREAM + "?nosuch=1").then().statusCode(400);
    }

    @Test
    @Timeout(120)
    void framesHaveTheFieldsOfTheStandardAlone() throws Exception {
        // given
        post(null, """
                {"execution_id": "e1", "events": [{"event_type": "of_a_frame", "message": {"text": "framed"}}]}
                """).statusCode(201);
        // when
        List<String> frame = new ArrayList<>();
        try (BufferedReader lines = stream("?event_type=of_a_frame&_range=timestamp,2020-01-01,", null)) {
            assertThat(next(lines, ":")).startsWith("events after 0");
            next(lines, "retry:");
            assertThat(lines.readLine()).isEmpty();
            for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                frame.add(line);
            }
        }
        // then
        assertThat(frame)
                .extracting(line -> line.substring(0, line.indexOf(':')))
                .containsExactly("id", "event", "data");
        assertThat(frame.get(1)).endsWith("cloudify_event");
        assertThat(frame.get(2)).matches("data: ?\\{.*\"framed\".*\\}");
    }

    /** A restore takes ids back: who comes from before it hears what is written since, instead of nothing for a long time. */
    @Test
    @Timeout(120)
    void whoHasSeenAnEventThatIsNotThereAnyMoreHearsTheNextOnes() throws Exception {
        // given
        try (BufferedReader lines = stream("?event_type=seen_before", "999999999")) {
            assertThat(next(lines, ":")).startsWith("events after 999999999");
            assertThat(next(lines, ":")).startsWith("a restore has taken events back; those after ");
            // when
            post(null, """
                    {"execution_id": "e1", "events": [{"event_type": "seen_before", "message": {"text": "since then"}}]}
                    """).statusCode(201);
            // then
            assertThat(next(lines, "data:")).contains("\"since then\"");
        }
    }

    @Test
    @Timeout(120)
    void withoutAnIdItBeginsWithWhatIsWrittenFromNowOn() throws Exception {
        // given: an event that no horizon has passed yet
        post(null, """
                {"execution_id": "e1", "events": [{"event_type": "from_now_on", "message": {"text": "before"}}]}
                """).statusCode(201);
        // when
        try (BufferedReader lines = stream("?event_type=from_now_on", null)) {
            assertThat(next(lines, ":")).startsWith("events after ");
            post(null, """
                    {"execution_id": "e1", "events": [{"event_type": "from_now_on", "message": {"text": "after"}}]}
                    """).statusCode(201);
            // then
            assertThat(next(lines, "data:")).contains("\"after\"");
        }
    }

    private BufferedReader stream(String query, @Nullable String lastEventId) throws Exception {
        IdentitySigner.Headers headers = signer.signNow(
                new CallerIdentity("alice", true, TENANT, null, List.of(), "http_basic", Instant.EPOCH, null),
                "GET",
                STREAM);
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(ConfigProvider.getConfig().getValue("test.url", String.class) + STREAM + query))
                .header(IdentitySigner.IDENTITY_HEADER, headers.identity())
                .header(IdentitySigner.SIGNATURE_HEADER, headers.signature());
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpResponse<InputStream> answer =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static String next(BufferedReader lines, String field) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith(field)) {
            line = lines.readLine();
        }
        assertThat(line).as("the stream goes on").isNotNull();
        return line.substring(field.length()).strip();
    }

    private static RecordEvents lines(String executionId, String text) {
        return new RecordEvents(
                executionId,
                TENANT,
                List.of(
                        new RecordEvents.Entry(
                                "cloudify_event", NOON, "task_started", null, null, text + " event", null, null, null),
                        new RecordEvents.Entry(
                                "cloudify_log", NOON, null, "ctx", "info", text + " log", null, null, null)));
    }

    private static void send(Channel channel, UUID id, RecordEvents command) throws Exception {
        channel.basicPublish(
                Event.COMMANDS,
                command.routingKey(),
                new BasicProperties.Builder()
                        .messageId(id.toString())
                        .type(command.type())
                        .deliveryMode(2)
                        .build(),
                EventJson.write(command).getBytes(StandardCharsets.UTF_8));
    }

    private ValidatableResponse post(String ownExecution, String body) {
        return as(ownExecution, "POST", "/internal/scheduler/events")
                .body(body)
                .post("/internal/scheduler/events")
                .then();
    }

    private RequestSpecification as(String ownExecution, String method, String path) {
        return signed(
                new CallerIdentity("alice", true, TENANT, null, List.of(), "http_basic", Instant.EPOCH, ownExecution),
                method,
                path);
    }

    private ValidatableResponse service(String path) {
        return signed(CallerIdentity.ofService("gateway", Instant.EPOCH).in(TENANT), "GET", path)
                .get(path)
                .then();
    }

    private RequestSpecification signed(CallerIdentity caller, String method, String path) {
        IdentitySigner.Headers headers = signer.signNow(caller, method, path);
        return given().contentType("application/json")
                .headers(Map.of(
                        IdentitySigner.IDENTITY_HEADER,
                        headers.identity(),
                        IdentitySigner.SIGNATURE_HEADER,
                        headers.signature()));
    }

    private void execute(String sql) throws SQLException {
        try (java.sql.Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> texts(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (java.sql.Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    @Test
    void nobodyElseReportsOnAPrivateExecution() throws SQLException {
        // given
        execute("UPDATE scheduler.executions SET visibility = 'private' WHERE tenant_name = 'journal'");
        execute("UPDATE scheduler.execution_groups SET visibility = 'private' WHERE tenant_name = 'journal'");
        CallerIdentity eve =
                new CallerIdentity("eve", false, TENANT, List.of(TENANT), List.of("user"), "http_basic", Instant.EPOCH);
        CallerIdentity alice = new CallerIdentity(
                "alice", false, TENANT, List.of(TENANT), List.of("user"), "http_basic", Instant.EPOCH);
        CallerIdentity worker = new CallerIdentity(
                "eve", false, TENANT, List.of(TENANT), List.of("user"), "execution_token", Instant.EPOCH, "e1");
        String path = "/internal/scheduler/events";
        String toExecution = "{\"execution_id\": \"e1\", \"logs\": [{\"message\": {\"text\": \"x\"}}]}";
        String toGroup = "{\"execution_group_id\": \"g1\", \"logs\": [{\"message\": {\"text\": \"x\"}}]}";
        String mayRun = "/internal/scheduler/executions/e1/should-start";
        // when, then
        signed(eve, "POST", path).body(toExecution).post(path).then().statusCode(404);
        signed(eve, "POST", path).body(toGroup).post(path).then().statusCode(404);
        signed(eve, "GET", mayRun).get(mayRun).then().statusCode(404);
        signed(alice, "POST", path).body(toExecution).post(path).then().statusCode(201);
        signed(worker, "POST", path).body(toExecution).post(path).then().statusCode(201);
        signed(alice, "GET", mayRun).get(mayRun).then().statusCode(200);
    }
}
