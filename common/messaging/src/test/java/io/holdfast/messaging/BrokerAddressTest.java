package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerAddressTest {

    @ParameterizedTest
    @CsvSource({
        "amqp://u:p@h:1234/v, h, 1234, u, p, v, false",
        "amqp://u:p@h/, h, 5672, u, p, /, false",
        "amqp://h, h, 5672, guest, guest, /, false",
        "amqps://u:p@h/%2F, h, 5671, u, p, /, true",
        "amqp://a%40b:p%2Fq+r@h:1/x%20y, h, 1, a@b, p/q+r, x y, false",
    })
    void partsAreReadAndDecoded(
            String url, String host, int port, String user, String password, String vhost, boolean tls) {
        assertThat(BrokerAddress.parse(url)).isEqualTo(new BrokerAddress(host, port, tls, user, password, vhost));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://h:1", "h:5672", "amqp:///x"})
    void otherUrlsAreRefused(String url) {
        assertThatThrownBy(() -> BrokerAddress.parse(url)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void passwordIsNeverShown() {
        assertThat(BrokerAddress.parse("amqp://u:secret@h:1/v")).hasToString("amqp://u@h:1/v");
    }
}
