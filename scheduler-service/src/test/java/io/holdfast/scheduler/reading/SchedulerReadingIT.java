package io.holdfast.scheduler.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.IdentitySigner;
import io.holdfast.listing.AnswerMemory;
import io.holdfast.testsupport.Fixtures;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class SchedulerReadingIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    IdentitySigner signer;

    @Inject
    Config config;

    private Rows rows;
    private Api bob;

    @BeforeEach
    void connect() throws SQLException {
        rows = new Rows(config);
        rows.clear();
        bob = Api.user(signer, "bob", "t1");
    }

    @AfterEach
    void disconnect() throws SQLException {
        rows.clear();
        rows.close();
    }

    // --- long answers

    @Test
    void aLongAnswerHasItsMemoryUntilItHasBeenSent() throws Exception {
        // given: more than sockets hold
        rows.execute("""
                INSERT INTO scheduler.events (tenant_name, type, timestamp, reported_timestamp, message)
                SELECT 't1', 'cloudify_event', now(), now(), repeat('x', 500) FROM generate_series(1, 20000)""");
        HttpClient client = HttpClient.newHttpClient();
        // when
        try (InputStream answer = client.send(
                        bob.request("/events?_get_all_results=true"), HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
            // then
            assertThat(answer.read()).isEqualTo('{');
            assertThat(AnswerMemory.inUse()).isGreaterThan(20_000_000);
            assertThat(answer.readAllBytes()).hasSizeGreaterThan(20_000 * 500);
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(AnswerMemory.inUse()).isZero());
    }

    // --- executions

    @Test
    void systemWorkflowsAreListedOnlyOnRequest() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, is_system_workflow, created_at) VALUES
                    ('t1', 'e', 'install', 'terminated', false, '2020-01-01Z'), ('t1', 's', 'create_snapshot', 'failed', true, '2020-01-02Z')""");
        // when, then
        assertThat(bob.texts("/executions", "id")).containsExactly("e");
        assertThat(bob.texts("/executions?_include_system_workflows=True", "id"))
                .containsExactly("e", "s");
        assertThat(bob.texts("/executions?is_system_workflow=true", "id")).containsExactly("s");
        assertThat(bob.get("/executions/s").get("workflow_id").asText()).isEqualTo("create_snapshot");
        assertThat(bob.get("/executions/e").get("status_display").asText()).isEqualTo("completed");
    }

    @Test
    void executionsOfEachStatusAreCounted() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, is_system_workflow, visibility, created_by, created_at)
                VALUES ('t1', 'a', 'w', 'terminated', false, 'tenant', 'bob', '2020-01-01Z'),
                    ('t1', 'b', 'w', 'terminated', false, 'private', 'bob', '2020-01-01Z'),
                    ('t1', 'c', 'w', 'terminated', false, 'private', 'alice', '2020-01-01Z'),
                    ('t1', 'd', 'w', 'failed', false, 'tenant', 'bob', '2020-01-01Z'),
                    ('t1', 'e', 'w', 'failed', true, 'tenant', 'bob', '2020-01-01Z'),
                    ('t1', 'f', 'w', 'scheduled', false, 'tenant', 'bob', '2020-01-01Z'),
                    ('t1', 'g', 'w', 'terminated', true, 'tenant', 'bob', '2020-01-01Z'),
                    ('t2', 'h', 'w', 'cancelled', false, 'global', 'bob', '2020-01-01Z'),
                    ('t2', 'i', 'w', 'terminated', false, 'tenant', 'bob', '2020-01-01Z')""");
        // when, then
        assertThat(bob.items("/summary/executions?_target_field=status"))
                .hasToString("[{\"status\":\"cancelled\",\"executions\":1},{\"status\":\"failed\",\"executions\":1},"
                        + "{\"status\":\"scheduled\",\"executions\":1},{\"status\":\"terminated\",\"executions\":2}]");
        assertThat(bob.get("/summary/executions?_target_field=status_display&_size=1&_offset=1"))
                .hasToString("{\"items\":[{\"status_display\":\"completed\",\"executions\":2}],"
                        + "\"metadata\":{\"pagination\":{\"total\":4,\"size\":1,\"offset\":1}}}");
        assertThat(bob.get("/executions?status=terminated&_size=1").at("/metadata/pagination/total"))
                .hasToString("2");
        assertThat(bob.get("/executions?status_display=completed&_size=1&_include_system_workflows=true")
                        .at("/metadata/pagination/total"))
                .hasToString("3");
        assertThat(bob.get("/executions?_size=2").at("/metadata/pagination/total"))
                .hasToString("5");
        assertThat(bob.items("/summary/executions?_target_field=workflow_id"))
                .hasToString("[{\"workflow_id\":\"w\",\"executions\":5}]");
        assertThat(bob.items("/summary/executions?_target_field=visibility&_include_system_workflows=true"))
                .hasToString(
                        "[{\"visibility\":\"global\",\"executions\":1},{\"visibility\":\"private\",\"executions\":1},"
                                + "{\"visibility\":\"tenant\",\"executions\":5}]");
    }

    @Test
    void executionsAreFoundByAPartOfTheirIds() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, is_system_workflow, visibility, created_by, created_at)
                VALUES ('t1', 'one-Alpha', 'w', 'terminated', false, 'tenant', 'bob', '2020-01-03Z'),
                    ('t1', 'two-alpha', 'w', 'terminated', false, 'tenant', 'bob', '2020-01-02Z'),
                    ('t1', 'three_alpha', 'w', 'failed', false, 'tenant', 'bob', '2020-01-01Z'),
                    ('t1', 'other-alpha', 'w', 'terminated', false, 'private', 'alice', '2020-01-01Z'),
                    ('t1', 'system-alpha', 'w', 'terminated', true, 'tenant', 'bob', '2020-01-01Z'),
                    ('t2', 'global-alpha', 'w', 'terminated', false, 'global', 'bob', '2020-01-04Z'),
                    ('t2', 'far-alpha', 'w', 'terminated', false, 'tenant', 'bob', '2020-01-01Z'),
                    ('t1', 'run-1234-x', 'w', 'terminated', false, 'tenant', 'bob', '2020-01-01Z'),
                    ('t1', 'walk-1234-x', 'w', 'terminated', false, 'tenant', 'bob', '2020-01-01Z')""");
        // when, then
        assertThat(bob.texts("/executions?_search=ALPHA", "id"))
                .containsExactly("three_alpha", "two-alpha", "one-Alpha", "global-alpha");
        assertThat(bob.texts("/executions?_search=e_al", "id")).containsExactly("three_alpha");
        assertThat(bob.texts("/executions?_search=RUN-1234", "id")).containsExactly("run-1234-x");
        assertThat(bob.texts("/executions?_search=a&status=failed", "id")).containsExactly("three_alpha");
        assertThat(bob.get("/executions?_search=-alpha&_size=1").at("/metadata/pagination/total"))
                .hasToString("3");
    }

    @Test
    void executionsAreFoundByTheirGroupAndByADeploymentGroup() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, deployment_id, created_at) VALUES
                    ('t1', 'a', 'w', 'terminated', 'd1', '2020-01-01Z'), ('t1', 'b', 'w', 'terminated', 'd2', '2020-01-01Z'),
                    ('t1', 'c', 'w', 'terminated', 'd3', '2020-01-01Z');
                INSERT INTO scheduler.execution_groups (tenant_name, id, workflow_id, concurrency) VALUES ('t1', 'x', 'w', 5);
                INSERT INTO scheduler.execution_group_members (tenant_name, execution_group_id, execution_id)
                    VALUES ('t1', 'x', 'b'), ('t1', 'x', 'c')""");
        // when, then
        assertThat(bob.texts("/executions?execution_group_id=x", "id")).containsExactly("b", "c");
        assertThat(bob.texts("/executions?_group_id=x", "id")).containsExactly("b", "c");
        assertThat(bob.texts("/executions?_group_id=g", "id")).containsExactly("a", "c");
        bob.response("/executions?_group_id=none").then().statusCode(404);
        assertThat(bob.items("/executions?deployment_id=unknown")).isEmpty();
    }

    @Test
    void anUnknownExecutionIsNotFound() {
        // when
        Response response = bob.response("/executions/nope");
        // then
        response.then().statusCode(404);
        assertThat(Api.read(response.asString()).get("detail").asText())
                .isEqualTo("Requested `Execution` with ID `nope` was not found");
    }

    @Test
    void aGroupShowsItsExecutionsAndStatusOnAGetAndWithGetData() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO scheduler.execution_groups (tenant_name, id, workflow_id, concurrency) VALUES ('t1', 'x', 'w', 5), ('t1', 'y', 'w', 5);
                INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, created_at) VALUES
                    ('t1', 'b', 'w', 'terminated', '2020-01-01Z'), ('t1', 'c', 'w', 'failed', '2020-01-01Z');
                INSERT INTO scheduler.execution_group_members (tenant_name, execution_group_id, execution_id)
                    VALUES ('t1', 'x', 'c'), ('t1', 'x', 'b'), ('t2', 'x', 'z')""");
        // when
        JsonNode listed = bob.items("/execution-groups").get(0);
        JsonNode whole = bob.get("/execution-groups/x");
        // then
        assertThat(listed.get("status").isNull()).isTrue();
        assertThat(listed.get("execution_ids").isNull()).isTrue();
        assertThat(whole.get("status").asText()).isEqualTo("failed");
        assertThat(whole.get("execution_ids").toString()).isEqualTo("[\"b\",\"c\"]");
        assertThat(bob.items("/execution-groups?_get_data=true").get(0)).isEqualTo(whole);
        assertThat(bob.get("/execution-groups/y").get("status").isNull()).isTrue();
    }

    // --- schedules

    @Test
    void aScheduleIsFoundWithItsDeploymentOnly() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, created_at)
                    VALUES ('t1', 'last', 'w', 'failed', '2020-01-01Z');
                INSERT INTO scheduler.execution_schedules (tenant_name, deployment_id, id, workflow_id, rule, since, until, latest_execution_id)
                VALUES ('t1', 'd1', 's', 'w', '{"recurrence": "1 day", "count": null, "weekdays": null}', '2099-01-01Z', '2099-01-03Z', 'last'),
                       ('t1', 'd2', 's', 'other', '{"count": 1}', '2020-01-01Z', NULL, NULL)""");
        // when
        JsonNode schedule = bob.get("/execution-schedules/s?deployment_id=d1");
        // then
        assertThat(schedule.get("workflow_id").asText()).isEqualTo("w");
        assertThat(schedule.get("latest_execution_status").asText()).isEqualTo("failed");
        assertThat(schedule.get("next_occurrence").asText()).isEqualTo("2099-01-01T00:00:00.000Z");
        assertThat(schedule.get("all_next_occurrences").toString())
                .isEqualTo("[\"2099-01-01 00:00:00\",\"2099-01-02 00:00:00\",\"2099-01-03 00:00:00\"]");
        JsonNode over = bob.get("/execution-schedules/s?deployment_id=d2");
        assertThat(over.get("next_occurrence").isNull()).isTrue();
        assertThat(over.get("all_next_occurrences")).isEmpty();
        bob.response("/execution-schedules/s").then().statusCode(400);
        Response missing = bob.response("/execution-schedules/s?deployment_id=d3");
        missing.then().statusCode(404);
        assertThat(Api.read(missing.asString()).get("detail").asText())
                .isEqualTo(
                        "Requested `ExecutionSchedule` with ID `s` was not found (filters: {'deployment_id': 'd3'})");
    }

    @Test
    void aScheduleWhoseRuleNobodyCanFollowIsStillShown() throws SQLException {
        // given
        rows.execute(
                "INSERT INTO scheduler.execution_schedules (tenant_name, deployment_id, id, workflow_id, rule, since) VALUES"
                        + " ('t1', 'd1', 's', 'w', '{\"rrule\": \"nonsense\"}', '2099-01-01Z')");
        // when
        JsonNode schedule = bob.items("/execution-schedules").get(0);
        // then
        assertThat(schedule.get("next_occurrence").isNull()).isTrue();
        assertThat(schedule.get("all_next_occurrences")).isEmpty();
    }

    // --- events

    @Test
    void eventsAndLogsShowTheirOwnFieldsAndAllThatTheCommandLineReads() throws SQLException {
        // given
        someEvents();
        // when
        JsonNode answer = bob.get("/events?execution_id=e&_sort=reported_timestamp");
        // then
        JsonNode event = answer.at("/items/0");
        assertThat(event.get("type").asText()).isEqualTo("cloudify_event");
        assertThat(event.get("event_type").asText()).isEqualTo("workflow_started");
        assertThat(event.has("level")).isFalse();
        assertThat(event.get("_storage_id").isNumber()).isTrue();
        for (String field : List.of(
                "deployment_id",
                "execution_id",
                "node_name",
                "operation",
                "workflow_id",
                "node_instance_id",
                "message",
                "error_causes",
                "target_id")) {
            assertThat(event.has(field)).as(field).isTrue();
        }
        JsonNode log = answer.at("/items/1");
        assertThat(log.get("level").asText()).isEqualTo("info");
        assertThat(log.has("event_type")).isFalse();
        assertThat(answer.get("metadata").toString())
                .isEqualTo("{\"pagination\":{\"total\":3,\"size\":10000,\"offset\":0}}");
    }

    @Test
    void eventsAreFilteredTheirOwnWay() throws SQLException {
        // given
        someEvents();
        // when, then
        assertThat(messages("type=cloudify_event&type=cloudify_log")).hasSize(4);
        assertThat(messages("type=cloudify_log")).containsExactly("Hello 100%", "bye");
        assertThat(messages("level=info")).containsExactly("Hello 100%");
        assertThat(messages("event_type=workflow_started")).containsExactly("started");
        assertThat(messages("event_type=workflow_started&level=info")).isEmpty();
        assertThat(messages("message=%25ELLO%25")).containsExactly("Hello 100%");
        assertThat(messages("message.text=bye")).containsExactly("bye");
        assertThat(messages("node_id=n_1")).containsExactly("bye");
        assertThat(messages("deployment_id=other")).containsExactly("elsewhere");
        assertThat(messages("_range=@timestamp,2020-01-01T00:00:01.000Z,2020-01-01T00:00:03Z"))
                .containsExactly("Hello 100%", "bye");
        assertThat(messages("_range=timestamp,20200101T000001Z,20200101T000003Z"))
                .containsExactly("Hello 100%", "bye");
        assertThat(messages("_range=reported_timestamp,,2020-01-01%2000:00:02"))
                .containsExactly("started", "Hello 100%");
        assertThat(messages("_sort=-@timestamp&_size=1")).containsExactly("elsewhere");
        assertThat(bob.get("/events?_size=1").at("/metadata/pagination/total").asInt())
                .isEqualTo(4);
    }

    @Test
    void wrongQuestionsAboutEventsAreRefused() {
        // when, then
        assertThat(refusal("/events?foo=1"))
                .startsWith("Unknown field to filter by: foo. Allowed values: blueprint_id, deployment_id");
        assertThat(refusal("/events?_range=timestamp,x")).startsWith("Range parameter must consist of 3 parts");
        assertThat(refusal("/events?_range=timestamp,,")).startsWith("Range parameter must have a start or an end");
        assertThat(refusal("/events?_range=moon,,")).startsWith("Unknown field to filter by range: moon.");
        assertThat(refusal("/events?_range=timestamp,yesterday,")).startsWith("`yesterday` is not a time");
        assertThat(refusal("/events?_sort=moon")).startsWith("Sort keys '['moon']' do not exist.");
    }

    // --- tasks graphs, operations

    @Test
    void operationsAreFoundByGraphAndByExecution() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, created_at) VALUES
                    ('t1', 'e', 'install', 'started', now()), ('t1', 'f', 'install', 'started', now());
                INSERT INTO scheduler.tasks_graphs (tenant_name, id, name, execution_id) VALUES ('t1', 'g', 'n', 'e'), ('t1', 'h', 'n', 'f');
                INSERT INTO scheduler.operations (tenant_name, id, tasks_graph_id, state, parameters) VALUES
                    ('t1', 'o', 'g', 'pending', '{"a": 1}'), ('t1', 'p', 'h', 'sent', '{}')""");
        // when, then
        assertThat(bob.texts("/tasks_graphs?execution_id=e", "id")).containsExactly("g");
        assertThat(bob.texts("/tasks_graphs?execution_id=e&name=n", "id")).containsExactly("g");
        assertThat(bob.texts("/tasks_graphs?execution_id=e&name=m", "id")).isEmpty();
        assertThat(refusal("/tasks_graphs"))
                .isEqualTo("{'execution_id': 'Missing required parameter in the query string'}");
        assertThat(refusal("/tasks_graphs?name=n")).startsWith("{'execution_id': ");
        assertThat(bob.texts("/operations?graph_id=g", "id")).containsExactly("o");
        assertThat(bob.texts("/operations?execution_id=f", "id")).containsExactly("p");
        assertThat(bob.get("/operations/o").at("/parameters/a").asInt()).isEqualTo(1);
        bob.response("/operations/x").then().statusCode(404);
        for (String of : List.of("/tasks_graphs", "/operations")) {
            bob.response(of + "?execution_id=none").then().statusCode(404);
        }
    }

    // --- census

    /** What a genuine manager answered, put into our tables, comes out of our lists the same; without its always-null {@code *_p} fields. */
    @Test
    void listsAnswerWhatTheGenuineManagerAnswered() throws IOException, SQLException {
        // given
        JsonNode tenants = JSON.readTree(
                        Fixtures.require("real_7x_flat_easy.source-census.json").toFile())
                .get("per_tenant");
        Map<String, String> tables = Map.of(
                "executions", "executions", "execution_groups", "execution_groups", "schedules", "execution_schedules");
        for (JsonNode tenant : tenants) {
            for (Map.Entry<String, String> table : tables.entrySet()) {
                for (JsonNode item : tenant.path(table.getKey())) {
                    rows.insert("scheduler." + table.getValue(), item, Map.of());
                }
            }
        }
        // when
        Map<String, String> lists = Map.of(
                "executions",
                "/executions",
                "execution_groups",
                "/execution-groups",
                "schedules",
                "/execution-schedules");
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (Map.Entry<String, JsonNode> tenant : tenants.properties()) {
            Api admin = Api.admin(signer, tenant.getKey());
            for (Map.Entry<String, String> list : lists.entrySet()) {
                JsonNode expected = tenant.getValue().path(list.getKey());
                JsonNode actual = admin.items(list.getValue());
                assertThat(actual).as(list.getKey()).hasSameSizeAs(expected);
                for (int i = 0; i < expected.size(); i++) {
                    ObjectNode wanted = expected.get(i).deepCopy();
                    wanted.remove(wanted.properties().stream()
                            .map(Map.Entry::getKey)
                            .filter(name -> name.endsWith("_p"))
                            .toList());
                    compared++;
                    JsonNode item = actual.get(i);
                    wanted.properties().forEach(field -> {
                        if (!field.getValue().equals(item.get(field.getKey()))) {
                            differences.add(tenant.getKey() + " " + list.getKey() + " " + wanted.get("id") + "."
                                    + field.getKey() + ": " + item.get(field.getKey()) + ", expected "
                                    + field.getValue());
                        }
                    });
                }
            }
        }
        // then
        assertThat(compared).isGreaterThan(10);
        assertThat(differences).isEmpty();
    }

    private void someEvents() throws SQLException {
        rows.execute("""
                INSERT INTO scheduler.events (tenant_name, type, timestamp, reported_timestamp, execution_id, event_type, level, message,
                    node_instance_id, deployment_id) VALUES
                    ('t1', 'cloudify_event', '2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z', 'e', 'workflow_started', NULL, 'started', NULL, 'd'),
                    ('t1', 'cloudify_log', '2020-01-01T00:00:01Z', '2020-01-01T00:00:01Z', 'e', NULL, 'info', 'Hello 100%', NULL, 'd'),
                    ('t1', 'cloudify_log', '2020-01-01T00:00:02Z', '2020-01-01T00:00:02Z', 'e', NULL, 'debug', 'bye', 'n_1', 'd'),
                    ('t1', 'cloudify_event', '2020-01-01T00:00:03Z', '2020-01-01T00:00:03Z', 'f', 'x', NULL, 'elsewhere', NULL, 'other'),
                    ('t2', 'cloudify_event', '2020-01-01T00:00:03Z', '2020-01-01T00:00:03Z', 'e', 'x', NULL, 'foreign', NULL, 'd')""");
    }

    private List<String> messages(String query) {
        return bob.texts("/events?" + query, "message");
    }

    private String refusal(String path) {
        Response response = bob.response(path);
        response.then().statusCode(400);
        JsonNode problem = Api.read(response.asString());
        assertThat(problem.get("error_code").asText()).isEqualTo("bad_parameters_error");
        return problem.get("detail").asText();
    }
}
