package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What comes at one moment from several callers leaves what it would have left one after the other, in some order. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class ConcurrentChangesIT extends WritesCase {

    private static final int ROUNDS = 8;

    private static final String BLUEPRINT = """
        tosca_definitions_version: cloudify_dsl_1_4
        node_types: {t: {}}
        node_templates: {web: {type: t}}
        """;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private List<Response> together(List<Callable<Response>> requests) throws InterruptedException, ExecutionException {
        CyclicBarrier start = new CyclicBarrier(requests.size());
        List<Future<Response>> sent = new ArrayList<>();
        for (Callable<Response> request : requests) {
            sent.add(threads.submit(() -> {
                start.await();
                return request.call();
            }));
        }
        List<Response> answers = new ArrayList<>();
        for (Future<Response> one : sent) {
            answers.add(one.get());
        }
        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer.statusCode()).as(answer.asString()).isLessThan(500));
        return answers;
    }

    private static List<String> labels(JsonNode thing) {
        List<String> labels = new ArrayList<>();
        thing.get("labels").forEach(label -> labels.add(label.get("key").asText()));
        return labels;
    }

    @Test
    void aDeploymentNeverOutlivesItsBlueprint() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            // given
            String id = "b" + round;
            upload(id, BLUEPRINT);
            // when
            List<Response> answers = together(List.of(
                    () -> admin.sendJson("PUT", "/deployments/" + id, "{\"blueprint_id\": \"" + id + "\"}"),
                    () -> admin.sendJson("DELETE", "/blueprints/" + id, null)));
            // then
            List<Integer> statuses = answers.stream().map(Response::statusCode).toList();
            assertThat(statuses).isIn(List.of(List.of(201, 400), List.of(404, 204)));
            assertThat(admin.response("/blueprints/" + id).statusCode())
                    .isEqualTo(admin.response("/deployments/" + id).statusCode());
        }
    }

    @Test
    void labelsThatManySetAtOnceAreThoseOfOneOfThem() throws Exception {
        upload("b", BLUEPRINT);
        deploy("d", "b");
        for (String thing : List.of("/deployments/d", "/blueprints/b")) {
            for (int round = 0; round < ROUNDS; round++) {
                List<Callable<Response>> requests = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    String labels = "{\"labels\": [{\"k" + i + "\": \"v\"}, {\"shared\": \"v\"}]}";
                    requests.add(() -> admin.sendJson("PATCH", thing, labels));
                }
                // when
                List<Response> answers = together(requests);
                // then
                assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
                assertThat(labels(admin.get(thing))).hasSize(2).contains("shared");
            }
        }
    }

    @Test
    void noDeploymentIsMadeBelowAParentThatLeaves() throws Exception {
        upload("b", BLUEPRINT);
        for (int round = 0; round < ROUNDS; round++) {
            String parent = "parent" + round;
            String child = "child" + round;
            deploy(parent, "b");
            // when
            together(List.of(
                    () -> admin.sendJson(
                            "PUT",
                            "/deployments/" + child,
                            "{\"blueprint_id\": \"b\", \"labels\": [{\"csys-obj-parent\": \"" + parent + "\"}]}"),
                    () -> admin.sendJson("DELETE", "/deployments/" + parent, null)));
            // then
            boolean made = admin.texts("/deployments", "id").contains(child)
                    && labels(admin.get("/deployments/" + child)).contains("csys-obj-parent");
            assertThat(made).isEqualTo(admin.response("/deployments/" + parent).statusCode() == 200);
        }
    }

    @Test
    void deploymentsThatAreMadeEachOthersParentsAtOnceAreNoCircle() throws Exception {
        upload("b", BLUEPRINT);
        for (int round = 0; round < ROUNDS; round++) {
            String one = "one" + round;
            String two = "two" + round;
            deploy(one, "b");
            deploy(two, "b");
            // when
            List<Response> answers = together(List.of(
                    () -> admin.sendJson(
                            "PATCH", "/deployments/" + one, "{\"labels\": [{\"csys-obj-parent\": \"" + two + "\"}]}"),
                    () -> admin.sendJson(
                            "PATCH", "/deployments/" + two, "{\"labels\": [{\"csys-obj-parent\": \"" + one + "\"}]}")));
            // then
            assertThat(answers.stream().map(Response::statusCode).toList()).containsExactlyInAnyOrder(200, 409);
        }
    }

    @Test
    void ofTwoTenantsThatMakeOneIdGlobalAtOnceAtMostOneDoes() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String id = "b" + round;
            upload(id, BLUEPRINT);
            deploy(id, id);
            // when
            List<Response> answers = together(List.of(
                    () -> admin.sendJson(
                            "PATCH", "/blueprints/" + id + "/set-visibility", "{\"visibility\": \"global\"}"),
                    () -> other.send(
                            "PUT",
                            "/blueprints/" + id,
                            request -> request.contentType("application/json")
                                    .body(BLUEPRINT.getBytes(java.nio.charset.StandardCharsets.UTF_8)))));
            // then
            assertThat(answers).anyMatch(answer -> answer.statusCode() == 409);
        }
    }

    @Test
    void whatJoinsALeavingDeploymentLeavesNothingBehind() throws Exception {
        upload("b", BLUEPRINT);
        for (int round = 0; round < ROUNDS; round++) {
            String id = "d" + round;
            deploy(id, "b");
            // when
            together(List.of(
                    () -> admin.sendJson("DELETE", "/deployments/" + id, null),
                    () -> admin.sendJson("PATCH", "/deployments/" + id, "{\"labels\": [{\"a\": \"b\"}]}"),
                    () -> admin.sendJson(
                            "PUT",
                            "/deployment-groups/g",
                            "{\"deployment_ids\": [\"" + id + "\"], \"labels\": [{\"c\": \"d\"}]}")));
            // then
            assertThat(admin.response("/deployments/" + id).statusCode()).isEqualTo(404);
        }
        assertThat(rows.count("inventory.deployment_labels")).isZero();
        assertThat(rows.count("inventory.deployment_group_members")).isZero();
    }
}
