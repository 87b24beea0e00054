package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class NoAnswerTest {

    @Test
    void aPortWhereNothingListensAndAHostThatIsNotThereAreTold() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThat(NoAnswer.why(failure("http://127.0.0.1:" + free + "/"))).isEqualTo("nothing listens there");
        assertThat(NoAnswer.why(failure("http://no-such-host.invalid/"))).isEqualTo("there is no host of this name");
        assertThat(NoAnswer.why(new UnknownHostException("x"))).isEqualTo("there is no host of this name");
    }

    @Test
    void whatHasWordsKeepsThem() {
        assertThat(NoAnswer.why(new IOException("reset"))).isEqualTo("reset");
        assertThat(NoAnswer.why(new EOFException())).isEqualTo("EOFException");
    }

    private static IOException failure(String url) {
        return catchThrowableOfType(
                IOException.class,
                () -> HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding()));
    }
}
