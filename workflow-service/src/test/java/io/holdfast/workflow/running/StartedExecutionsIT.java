package io.holdfast.workflow.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.GetResponse;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.Event;
import io.holdfast.contracts.events.SchedulerCommand.RecordWorkflowOutcome;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.messaging.EventJson;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class StartedExecutionsIT {

    @ConfigProperty(name = "holdfast.broker.url")
    String brokerUrl;

    @Inject
    ObjectMapper json;

    @Inject
    @DataSource("workflow")
    AgroalDataSource dataSource;

    private ManagerSide manager;
    private Database database;

    @BeforeEach
    void listenForAnswers() throws Exception {
        database = new Database(dataSource);
        database.forgetEverything();
        manager = new ManagerSide(brokerUrl, "scheduler.execution.outcome");
    }

    @AfterEach
    void hangUp() throws Exception {
        manager.close();
    }

    @Test
    void aStartedExecutionFailsHonestly() throws Exception {
        // when
        manager.send(start("e1", "token-1", 7));
        // then
        JsonNode outcome = json.readTree(manager.answers(1).get(0).getBody());
        assertThat(outcome.get("executionId").asText()).isEqualTo("e1");
        assertThat(outcome.get("tenantName").asText()).isEqualTo("t1");
        assertThat(outcome.get("status").asText()).isEqualTo("failed");
        assertThat(outcome.get("error").asText()).isEqualTo("this workflow needs a worker, and none is attached");
        assertThat(outcome.get("token").asText()).isEqualTo("token-1");
        assertThat(outcome.get("epoch").asLong()).isEqualTo(7);
    }

    @Test
    void aMessageThatComesTwiceIsAnsweredOnce() throws Exception {
        // given
        UUID id = UUID.randomUUID();
        String body = EventJson.write(start("e2", "token-2", 0));
        // when
        send(id, body);
        send(id, body);
        // then
        GetResponse first = manager.answers(1).get(0);
        assertThat(first.getProps().getType()).isEqualTo(RecordWorkflowOutcome.TYPE);
        assertThat(json.readTree(first.getBody()).get("executionId").asText()).isEqualTo("e2");
        // The second one was answered before this one, if at all: they are not taken in order, so wait for both to be
        // gone.
        manager.send(start("e3", "token-3", 0));
        assertThat(json.readTree(manager.answers(1).get(0).getBody())
                        .get("executionId")
                        .asText())
                .isEqualTo("e3");
        assertThat(database.texts("SELECT execution_id FROM workflow_control.taken ORDER BY 1"))
                .containsExactly("e2", "e3");
    }

    @Test
    void manyAreAnsweredEachOnce() throws Exception {
        // when
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            sent.add("many-" + i);
            manager.send(start("many-" + i, "token-" + i, 1));
        }
        // then
        List<String> answered = new ArrayList<>();
        for (GetResponse answer : manager.answers(sent.size())) {
            answered.add(json.readTree(answer.getBody()).get("executionId").asText());
        }
        assertThat(answered).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void whatCannotBeReadBecomesADeadLetterAndBlocksNothing() throws Exception {
        // when
        UUID id = UUID.randomUUID();
        send(id, "{\"executionId\": ");
        manager.send(start("e4", "token-4", 0));
        // then
        assertThat(manager.answers(1)).hasSize(1);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(database.deadLetters()).contains(id.toString()));
    }

    private static StartExecution start(String id, String token, long epoch) {
        return new StartExecution(
                id,
                "t1",
                "install",
                null,
                null,
                null,
                Map.of("x", 1),
                false,
                false,
                false,
                "admin",
                token,
                epoch,
                1,
                null);
    }

    private void send(UUID id, String body) throws Exception {
        manager.send(id, Event.COMMANDS, "workflow.execution.start", StartExecution.TYPE, body);
    }
}
