package io.holdfast.workflow.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.Event;
import io.holdfast.contracts.events.SchedulerCommand.RecordWorkflowOutcome;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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

    private static final String PROBE = "probe";

    @ConfigProperty(name = "holdfast.broker.url")
    String brokerUrl;

    @Inject
    ObjectMapper json;

    @Inject
    @DataSource("workflow")
    AgroalDataSource dataSource;

    private Connection connection;
    private Channel channel;

    @BeforeEach
    void listenForAnswers() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(brokerUrl);
        connection = factory.newConnection();
        channel = connection.createChannel();
        channel.queueDeclare(PROBE, true, false, false, null);
        channel.queueBind(PROBE, Event.COMMANDS, "scheduler.execution.outcome");
        channel.queuePurge(PROBE);
    }

    @AfterEach
    void hangUp() throws IOException {
        connection.close();
    }

    @Test
    void aStartedExecutionFailsHonestly() throws Exception {
        // when
        send(UUID.randomUUID(), StartExecution.TYPE, json.writeValueAsString(start("e1", "token-1", 7)));
        // then
        JsonNode outcome = json.readTree(answers(1).get(0).getBody());
        assertThat(outcome.get("executionId").asText()).isEqualTo("e1");
        assertThat(outcome.get("tenantName").asText()).isEqualTo("t1");
        assertThat(outcome.get("status").asText()).isEqualTo("failed");
        assertThat(outcome.get("error").asText()).isEqualTo("workflow execution is not available in this version");
        assertThat(outcome.get("token").asText()).isEqualTo("token-1");
        assertThat(outcome.get("epoch").asLong()).isEqualTo(7);
    }

    @Test
    void aMessageThatComesTwiceIsAnsweredOnce() throws Exception {
        // given
        UUID id = UUID.randomUUID();
        String body = json.writeValueAsString(start("e2", "token-2", 0));
        // when
        send(id, StartExecution.TYPE, body);
        send(id, StartExecution.TYPE, body);
        send(UUID.randomUUID(), StartExecution.TYPE, json.writeValueAsString(start("e3", "token-3", 0)));
        // then
        List<String> executions = new ArrayList<>();
        for (GetResponse answer : answers(2)) {
            assertThat(answer.getProps().getType()).isEqualTo(RecordWorkflowOutcome.TYPE);
            executions.add(json.readTree(answer.getBody()).get("executionId").asText());
        }
        assertThat(executions).containsExactly("e2", "e3");
    }

    @Test
    void whatCannotBeReadBecomesADeadLetterAndBlocksNothing() throws Exception {
        // when
        UUID id = UUID.randomUUID();
        send(id, StartExecution.TYPE, "{\"executionId\": ");
        send(UUID.randomUUID(), StartExecution.TYPE, json.writeValueAsString(start("e4", "token-4", 0)));
        // then
        assertThat(answers(1)).hasSize(1);
        assertThat(deadLetters()).contains(id.toString());
    }

    private static StartExecution start(String id, String token, long epoch) {
        return new StartExecution(
                id, "t1", "install", null, null, null, Map.of("x", 1), false, false, false, "admin", token, epoch, 1);
    }

    private void send(UUID id, String type, String body) throws IOException {
        channel.basicPublish(
                Event.COMMANDS,
                "workflow.execution.start",
                new BasicProperties.Builder()
                        .messageId(id.toString())
                        .type(type)
                        .deliveryMode(2)
                        .contentType("application/json")
                        .build(),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private List<GetResponse> answers(int count) {
        List<GetResponse> answers = new ArrayList<>();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            GetResponse next = channel.basicGet(PROBE, true);
            if (next != null) {
                answers.add(next);
            }
            return answers.size() == count;
        });
        return answers;
    }

    private List<String> deadLetters() throws SQLException {
        List<String> found = new ArrayList<>();
        try (java.sql.Connection database = dataSource.getConnection();
                Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT message_id FROM workflow_control.parked_message WHERE state = 'dead'")) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }
}
