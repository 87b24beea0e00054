package io.holdfast.workflow.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.RestoreEvent;
import io.holdfast.contracts.events.SchedulerCommand.RecordWorkflowOutcome;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import io.holdfast.messaging.EventJson;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a started execution does to its deployment and says of itself, whatever happens meanwhile. */
@QuarkusTest
@TestProfile(BuiltInWorkflowsIT.WithDeployments.class)
@QuarkusTestResource(HoldfastResources.class)
class BuiltInWorkflowsIT {

    private static final Duration SOON = Duration.ofMinutes(1);

    /** With services to ask. */
    public static final class WithDeployments implements QuarkusTestProfile {

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(FakeDeployments.class));
        }
    }

    @ConfigProperty(name = "holdfast.broker.url")
    String brokerUrl;

    @ConfigProperty(name = "holdfast.inventory.url")
    String deploymentsUrl;

    @Inject
    @DataSource("workflow")
    AgroalDataSource dataSource;

    @Inject
    Deployments deployments;

    private final HttpClient http = HttpClient.newHttpClient();
    private ManagerSide manager;
    private ManagerSide heartbeats;
    private Database database;

    @BeforeEach
    void listenForAnswers() throws Exception {
        database = new Database(dataSource);
        database.forgetEverything();
        manager = new ManagerSide(brokerUrl, "scheduler.execution.outcome");
        heartbeats = new ManagerSide(brokerUrl, "scheduler.execution.heartbeat");
        control("back");
        control("forget");
    }

    @AfterEach
    void hangUp() throws Exception {
        control("back");
        manager.close();
        heartbeats.close();
    }

    @Test
    void itStartsItsInstancesSaysSoAndEnds() throws Exception {
        // when
        manager.send(start("e1", "install", "shop", 1, Map.of()));
        // then
        assertThat(outcomes(2)).containsExactly("started of token-e1-1", "terminated of token-e1-1");
        assertThat(asked())
                .containsExactlyInAnyOrder(
                        "web_1 = started",
                        "web_2 = started",
                        "web_3 = started",
                        "web_1: Node instance started (nothing to do)",
                        "web_2: Node instance started (nothing to do)",
                        "web_3: Node instance started (nothing to do)",
                        ": Subgraph started 'install_web_1'",
                        ": Subgraph succeeded 'install_web_1'",
                        ": Subgraph started 'install_web_2'",
                        ": Subgraph succeeded 'install_web_2'",
                        ": Subgraph started 'install_web_3'",
                        ": Subgraph succeeded 'install_web_3'");
        assertThat(heartbeats.answers(1)).hasSize(1);
        assertThat(held()).isEmpty();
    }

    @Test
    void itCountsWhatItDoes() throws Exception {
        // when
        manager.send(start("e1", "install", "shop", 1, Map.of()));
        outcomes(2);
        // then: of each instance an event, a state, and what both are a part of
        assertThat(control("counted")).isEqualTo("9 of 9");
    }

    @Test
    void whatWasDoneBeforeItIsResumedCounts() throws Exception {
        // when
        manager.send(new StartExecution(
                "e1",
                "t1",
                "install",
                "shop",
                null,
                null,
                Map.of(),
                false,
                false,
                true,
                "admin",
                "token-e1-2",
                0,
                2,
                null));
        outcomes(2);
        // then
        assertThat(control("counted")).isEqualTo("13 of 13");
    }

    @Test
    void servicesAreUninstalledBeforeTheirEnvironment() throws Exception {
        // when
        manager.send(start("e1", "uninstall", "shop", 1, Map.of("recursive", true)));
        // then: one that cannot be uninstalled, or was not, keeps the others from nothing; what is private to others is
        // left
        assertThat(outcomes(2)).containsExactly("started of token-e1-1", "terminated of token-e1-1");
        assertThat(asked())
                .startsWith(
                        "info: Uninstalling service deployments recursively",
                        "start uninstall of service true",
                        "start uninstall of mine true",
                        "info: Service deployment bare is left as it is: no",
                        "warning: Service deployment mine was not uninstalled: execution of-mine is failed",
                        "info: Service deployments uninstalled")
                .contains("web_1 = deleted", "web_2 = deleted", "web_3 = deleted");
    }

    @Test
    void aDeploymentOfManyIsReadPageByPageAndSharesWhatItsNodesDeclare() {
        // when
        Topology topology = deployments.topology("t1", "crowd");
        // then
        assertThat(topology.instances()).hasSize(FakeDeployments.MANY);
        List<Instance.Relation> relations = topology.instances().stream()
                .flatMap(instance -> instance.relations().stream())
                .toList();
        assertThat(relations)
                .hasSize(FakeDeployments.MANY)
                .allSatisfy(relation -> assertThat(relation.source())
                        .isSameAs(relations.get(0).source())
                        .containsEntry("establish", new Operation("shop", "tasks.connect")));
    }

    @Test
    void whatNeedsAWorkerIsRefusedBeforeAnythingIsChanged() throws Exception {
        // when
        manager.send(start("e1", "install", "mine", 1, Map.of()));
        // then
        assertThat(outcomes(2))
                .containsExactly(
                        "started of token-e1-1",
                        "failed of token-e1-1: operation cloudify.interfaces.lifecycle.create of node instance app_1 is tasks.create"
                                + " of plugin `mine`, which needs a worker, and none is attached. Nothing was changed");
        assertThat(asked()).isEmpty();
        assertThat(held()).isEmpty();
    }

    @Test
    void aDryRunChangesNothingAndTellsAll() throws Exception {
        // when
        manager.send(new StartExecution(
                "e1",
                "t1",
                "install",
                "mine",
                null,
                null,
                Map.of(),
                true,
                false,
                false,
                "admin",
                "token-e1-1",
                0,
                1,
                null));
        // then
        assertThat(outcomes(2)).last().isEqualTo("terminated of token-e1-1");
        assertThat(asked())
                .contains(
                        ": Subgraph started 'install_app_1' (dry run)",
                        "app_1: Task succeeded 'tasks.create' (dry run)",
                        "app_1: Node instance started",
                        ": Subgraph succeeded 'install_app_1' (dry run)")
                .noneMatch(line -> line.contains(" = "))
                .noneMatch(line -> line.contains("Sending task"));
    }

    @Test
    void aDryRunOfScaleTellsTheChangeAsWorkersWriteValues() throws Exception {
        // when
        manager.send(new StartExecution(
                "e1",
                "t1",
                "scale",
                "shop",
                null,
                null,
                Map.of("scalable_entity_name", "web", "delta", 1),
                true,
                false,
                false,
                "admin",
                "token-e1-1",
                0,
                1,
                null));
        // then
        assertThat(outcomes(2)).last().isEqualTo("terminated of token-e1-1");
        assertThat(asked())
                .anyMatch(line ->
                        line.endsWith("Deployment modification is not started in a dry run: {'web': {'instances': "
                                + "3, 'removed_ids_exclude_hint': [], 'removed_ids_include_hint': []}}"));
    }

    @Test
    void workflowsOfPluginsAndOfUnknownDeploymentsFail() throws Exception {
        // when
        manager.send(start("e1", "backup", "shop", 1, Map.of()));
        manager.send(start("e2", "install", "nowhere", 1, Map.of()));
        // then
        assertThat(outcomes(2))
                .containsExactlyInAnyOrder(
                        "failed of token-e1-1: this workflow needs a worker, and none is attached",
                        "failed of token-e2-1: this workflow needs a worker, and none is attached");
        assertThat(held()).isEmpty();
    }

    @Test
    void itIsCancelledBetweenTwoInstances() throws Exception {
        // given
        control("slow");
        manager.send(start("e1", "install", "shop", 1, Map.of()));
        assertThat(outcomes(1)).containsExactly("started of token-e1-1");
        awaitChange();
        // when
        manager.send(new StopExecution("e1", "t1", "cancel", "token-e1-1", 0));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(database.texts("SELECT stopped_token FROM workflow_control.taken"))
                        .containsExactly("token-e1-1"));
        control("back");
        // then
        assertThat(outcomes(1)).containsExactly("cancelled of token-e1-1");
        assertThat(asked()).filteredOn(line -> line.contains(" = ")).hasSize(1);
        assertThat(held()).isEmpty();
    }

    @Test
    void aStopOfWhatNobodyRunsAnyMoreIsAnswered() throws Exception {
        // given
        database.execute("INSERT INTO workflow_control.taken (tenant_name, execution_id, epoch, attempt, token, state)"
                + " VALUES ('t1', 'e1', 0, 1, 'token-e1-1', 'held')");
        // when
        manager.send(new StopExecution("e1", "t1", "kill", "token-e1-1", 0));
        // then
        assertThat(outcomes(1)).containsExactly("cancelled of token-e1-1");
        assertThat(held()).isEmpty();
    }

    @Test
    void itWaitsForAServiceThatIsAway() throws Exception {
        // given
        control("slow");
        manager.send(start("e1", "install", "shop", 1, Map.of()));
        assertThat(outcomes(1)).containsExactly("started of token-e1-1");
        awaitChange();
        control("away");
        control("back");
        // then
        assertThat(outcomes(1)).containsExactly("terminated of token-e1-1");
        assertThat(asked()).contains("web_1 = started", "web_2 = started", "web_3 = started");
    }

    @Test
    void whoeverLostItToALaterAttemptIsSilent() throws Exception {
        // given
        control("slow");
        manager.send(start("e1", "install", "shop", 1, Map.of()));
        assertThat(outcomes(1)).containsExactly("started of token-e1-1");
        awaitChange();
        // when
        manager.send(start("e1", "install", "shop", 2, Map.of()));
        assertThat(outcomes(1)).containsExactly("started of token-e1-2");
        control("back");
        // then
        assertThat(outcomes(1)).containsExactly("terminated of token-e1-2");
        manager.send(start("e2", "backup", "shop", 1, Map.of()));
        assertThat(outcomes(1))
                .as("nothing was said in between")
                .first()
                .asString()
                .contains("e2");
    }

    @Test
    void whatRanBeforeARestoreChangesNothingAfterIt() throws Exception {
        // given
        control("slow");
        manager.send(start("e1", "install", "shop", 1, Map.of()));
        assertThat(outcomes(1)).containsExactly("started of token-e1-1");
        awaitChange();
        // when
        manager.send(new RestoreEvent.Completed("r1", "nightly", "t1", 4, Instant.EPOCH, 1, 0, 0));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(database.texts("SELECT highest FROM workflow_control.seen_epoch"))
                        .containsExactly("4"));
        control("back");
        manager.send(new StartExecution(
                "e2",
                "t1",
                "backup",
                "shop",
                null,
                null,
                Map.of(),
                false,
                false,
                false,
                "admin",
                "token-e2-1",
                4,
                1,
                null));
        // then
        assertThat(outcomes(1)).first().asString().contains("e2");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(asked())
                        .filteredOn(line -> line.contains(" = "))
                        .hasSize(1));
    }

    @Test
    void scalingFinishesItsModification() throws Exception {
        // when
        manager.send(start("e1", "scale", "shop", 1, Map.of("scalable_entity_name", "web", "delta", 1)));
        // then
        assertThat(outcomes(2)).last().isEqualTo("terminated of token-e1-1");
        assertThat(asked())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("modify ")
                        .contains("\"instances\":3")
                        .endsWith("by e1"))
                .contains("web_3 = started", "m1/finish")
                .doesNotContain("web_1 = started", "m1/rollback");
    }

    @Test
    void whatAnEarlierAttemptScaledIsNotScaledAgain() throws Exception {
        // given: it died before it could say so
        control("finished");
        // when
        manager.send(start("e1", "scale", "shop", 2, Map.of("scalable_entity_name", "web", "delta", 1)));
        // then
        assertThat(outcomes(2)).last().isEqualTo("terminated of token-e1-2");
        assertThat(asked()).containsExactly("info: Deployment modification was finished before. [modification_id=m0]");
    }

    @Test
    void whatAnEarlierAttemptBeganIsTakenBackFirst() throws Exception {
        // given
        control("started");
        // when
        manager.send(start("e1", "scale", "shop", 2, Map.of("scalable_entity_name", "web", "delta", 1)));
        // then
        assertThat(outcomes(2)).last().isEqualTo("terminated of token-e1-2");
        assertThat(asked())
                .containsSubsequence("m0/rollback", "web_3 = started", "m1/finish")
                .doesNotContain("m1/rollback");
    }

    private static StartExecution start(
            String id, String workflow, String deployment, int attempt, Map<String, Object> parameters) {
        return new StartExecution(
                id,
                "t1",
                workflow,
                deployment,
                null,
                null,
                parameters,
                false,
                false,
                attempt > 1,
                "admin",
                "token-" + id + "-" + attempt,
                0,
                attempt,
                null);
    }

    private List<String> outcomes(int count) {
        return manager.answers(count).stream()
                .map(answer -> EventJson.read(answer.getBody(), RecordWorkflowOutcome.class))
                .map(outcome -> outcome.status() + " of " + outcome.token()
                        + (outcome.error() == null ? "" : ": " + outcome.error()))
                .toList();
    }

    /** It is in the middle of its first change. */
    private void awaitChange() {
        await().atMost(SOON).untilAsserted(() -> assertThat(asked()).contains("a change waits"));
    }

    private List<String> held() throws Exception {
        return database.texts("SELECT token FROM workflow_control.taken WHERE state = 'held'");
    }

    private List<String> asked() throws Exception {
        return control("asked").lines().toList();
    }

    private String control(String what) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(deploymentsUrl + "/control/" + what))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }
}
