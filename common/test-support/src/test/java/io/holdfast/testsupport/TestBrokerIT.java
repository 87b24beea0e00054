package io.holdfast.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TestBrokerIT {

    static List<String> kinds() {
        return TestBroker.availableKinds();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void keepsPersistentMessagesThroughARestartAndNothingThroughOneWithoutItsData(String kind) throws Exception {
        try (TestBroker broker = TestBroker.of(kind)) {
            // given
            try (Connection connection = connect(broker);
                    Channel channel = connection.createChannel()) {
                channel.queueDeclare("q", true, false, false, null);
                channel.confirmSelect();
                channel.basicPublish("", "q", MessageProperties.PERSISTENT_BASIC, new byte[] {42});
                channel.waitForConfirmsOrDie(10_000);
            }
            // when
            broker.restart();
            // then
            try (Connection connection = connect(broker);
                    Channel channel = connection.createChannel()) {
                GetResponse message = channel.basicGet("q", true);
                assertThat(message).isNotNull();
                assertThat(message.getBody()).containsExactly(42);
            }
            // when
            broker.restartEmpty();
            // then
            try (Connection connection = connect(broker)) {
                Channel channel = connection.createChannel();
                assertThatThrownBy(() -> channel.queueDeclarePassive("q")).isInstanceOf(java.io.IOException.class);
            }
        }
    }

    private static Connection connect(TestBroker broker) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.url());
        return factory.newConnection();
    }
}
