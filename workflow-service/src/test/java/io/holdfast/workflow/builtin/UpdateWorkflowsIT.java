package io.holdfast.workflow.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.GetResponse;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import io.holdfast.testsupport.HoldfastResources;
import io.holdfast.workflow.running.Database;
import io.holdfast.workflow.running.ManagerSide;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an execution that updates a deployment asks of the inventory, in which order. */
@QuarkusTest
@TestProfile(UpdateWorkflowsIT.WithUpdates.class)
@QuarkusTestResource(HoldfastResources.class)
class UpdateWorkflowsIT {

    /** With services to ask. */
    public static final class WithUpdates implements QuarkusTestProfile {

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(FakeUpdates.class));
        }
    }

    @ConfigProperty(name = "holdfast.broker.url")
    String brokerUrl;

    @ConfigProperty(name = "holdfast.inventory.url")
    String inventoryUrl;

    @Inject
    ObjectMapper json;

    @Inject
    @DataSource("workflow")
    AgroalDataSource dataSource;

    private final HttpClient http = HttpClient.newHttpClient();
    private ManagerSide manager;

    @BeforeEach
    void listenForAnswers() throws Exception {
        new Database(dataSource).forgetEverything();
        manager = new ManagerSide(brokerUrl, "scheduler.execution.outcome");
        ask("/forget");
    }

    @AfterEach
    void hangUp() throws Exception {
        manager.close();
    }

    private String ask(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(inventoryUrl + path)).build(), BodyHandlers.ofString())
                .body();
    }

    private static StartExecution start(
            String workflow, String deployment, Map<String, Object> parameters, boolean dryRun) {
        return new StartExecution(
                "e1",
                "t1",
                workflow,
                deployment,
                null,
                null,
                parameters,
                dryRun,
                false,
                false,
                "admin",
                "token",
                0,
                1,
                null);
    }

    /** The end of the execution: its status and error. */
    private String run(String workflow, String deployment, Map<String, Object> parameters, boolean dryRun)
            throws Exception {
        manager.send(new StartExecution(
                "e1",
                "t1",
                workflow,
                deployment,
                null,
                null,
                parameters,
                dryRun,
                false,
                false,
                "admin",
                "token",
                0,
                1,
                null));
        GetResponse last = manager.answers(2).get(1);
        JsonNode outcome = json.readTree(last.getBody());
        return outcome.get("status").asText()
                + (outcome.hasNonNull("error") ? ": " + outcome.get("error").asText() : "");
    }

    @Test
    void anUpdateIsPreparedCarriedOutAndFinished() throws Exception {
        assertThat(run("update", "d", Map.of("update_id", "u"), false)).isEqualTo("terminated");
        assertThat(ask("/asked").lines()).containsExactly("u/prepare", "new_1 = started", "u/finish");
    }

    @Test
    void anUpdateThatNobodyHasBegunIsTheExecutionsOwn() throws Exception {
        assertThat(run("update", "d", Map.of("blueprint_id", "b"), false)).isEqualTo("terminated");
        assertThat(ask("/asked").lines())
                .containsExactly("d-e1/begin", "d-e1/prepare", "new_1 = started", "d-e1/finish");
        ask("/forget");
        new Database(dataSource).forgetEverything();
        // What the standard types declare for who says nothing.
        assertThat(run("update", "d", Map.of("update_id", "", "workflow_id", ""), false))
                .isEqualTo("terminated");
        assertThat(ask("/asked").lines())
                .containsExactly("d-e1/begin", "d-e1/prepare", "new_1 = started", "d-e1/finish");
    }

    @Test
    void theWorkflowOfGroupsStartsAnUpdateAndEnds() throws Exception {
        assertThat(run("csys_update_deployment", "d", Map.of("blueprint_id", "b"), false))
                .isEqualTo("terminated");
        assertThat(ask("/asked").lines()).containsExactly("d-e1/start of b for e1");
        ask("/forget");
        new Database(dataSource).forgetEverything();
        assertThat(run("csys_update_deployment", "d", Map.of("blueprint_id", "b"), true))
                .isEqualTo("terminated");
        assertThat(ask("/asked").lines()).containsExactly("d-e1/begin", "d-e1/prepare as a preview");
    }

    @Test
    void aPreviewEndsWithItsPreparation() throws Exception {
        assertThat(run("update", "d", Map.of("update_id", "u", "preview", true), false))
                .isEqualTo("terminated");
        assertThat(ask("/asked").lines()).containsExactly("u/prepare as a preview");
        ask("/forget");
        new Database(dataSource).forgetEverything();
        assertThat(run("update", "d", Map.of("update_id", "u"), true)).isEqualTo("terminated");
        assertThat(ask("/asked").lines()).containsExactly("u/prepare as a preview");
    }

    @Test
    void anotherWorkflowRunsInPlaceOfTheSteps() throws Exception {
        assertThat(run("update", "d", Map.of("update_id", "u", "workflow_id", "good"), false))
                .isEqualTo("terminated");
        assertThat(ask("/asked").lines())
                .containsExactly("u/prepare", "start good of next for [\"new_1\"], beside others: true", "u/finish");
    }

    @Test
    void theUpdateFailsAsTheWorkflowThatRunsInItsPlace() throws Exception {
        assertThat(run("update", "d", Map.of("update_id", "u", "workflow_id", "bad"), false))
                .isEqualTo("failed: bad is in state failed");
        assertThat(ask("/asked").lines())
                .containsExactly("u/prepare", "start bad of next for [\"new_1\"], beside others: true", "u/give-up");
    }

    @Test
    void aWorkflowThatTakesTooLongIsCancelled() throws Exception {
        assertThat(run(
                        "update",
                        "d",
                        Map.of("update_id", "u", "workflow_id", "slow", "custom_workflow_timeout", 1),
                        false))
                .isEqualTo("failed: Timeout running slow");
        assertThat(ask("/asked").lines())
                .containsExactly(
                        "u/prepare",
                        "start slow of next for [\"new_1\"], beside others: true",
                        "cancel of-slow",
                        "u/give-up");
    }

    @Test
    void whatNeedsAWorkerIsGivenUpBeforeAnInstanceChanges() throws Exception {
        assertThat(run("update", "hard", Map.of("update_id", "u"), false))
                .isEqualTo(
                        "failed: operation cloudify.interfaces.lifecycle.create of node instance new_1 is tasks.create"
                                + " of plugin `p`, which needs a worker, and none is attached. Nothing was changed");
        assertThat(ask("/asked").lines()).containsExactly("u/prepare", "u/give-up");
    }

    @Test
    void whatTheInventoryRefusesIsTheErrorOfTheExecution() throws Exception {
        assertThat(run("update", "bad", Map.of("update_id", "u"), false)).isEqualTo("failed: missing inputs: name");
        assertThat(ask("/asked").lines()).containsExactly("u/prepare", "u/give-up");
    }

    @Test
    void whatIsCancelledIsGivenUp() throws Exception {
        // given
        manager.send(start("update", "slow", Map.of("update_id", "u"), false));
        manager.answers(1);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(ask("/asked")).isEqualTo("u/prepare"));
        // when
        manager.send(new StopExecution("e1", "t1", "cancel", "token", 0));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(
                                new Database(dataSource).texts("SELECT stopped_token FROM workflow_control.taken"))
                        .containsExactly("token"));
        ask("/back");
        // then
        JsonNode outcome = json.readTree(manager.answers(1).get(0).getBody());
        assertThat(outcome.get("status").asText()).isEqualTo("cancelled");
        assertThat(ask("/asked").lines()).containsExactly("u/prepare", "u/give-up");
    }
}
