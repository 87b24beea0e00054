package io.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who follows a stream has at every time the rights of that time. */
@QuarkusTest
@TestProfile(StreamRightsIT.LookingOften.class)
class StreamRightsIT extends GatewayCase {

    public static final class LookingOften implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("holdfast.gateway.authentication.streams-checked-every", "1s");
        }
    }

    private static final String API = "/api/v3.1";

    private static int written;

    @Test
    @Timeout(120)
    void aStreamEndsWhenItsTokenExpiresAndNoOther() throws Exception {
        String expiring = tokenOfRoot2();
        try (BufferedReader first = open(expiring);
                BufferedReader second = open(tokenOfRoot2())) {
            // given
            assertGoesOn(first);
            assertGoesOn(second);
            // when
            sql("UPDATE access.tokens SET expiration_date = now() WHERE id = '" + expiring.substring(5, 15) + "'");
            // then
            awaitEnd(first);
            assertGoesOn(second);
        }
    }

    @Test
    @Timeout(120)
    void aStreamEndsWhenItsUserLosesTheRight() throws Exception {
        try (BufferedReader lines = open(tokenOfRoot2())) {
            assertGoesOn(lines);
            // when
            sql("UPDATE access.users SET role = 'default' WHERE username = 'root2'");
            // then
            awaitEnd(lines);
        }
    }

    private static String tokenOfRoot2() {
        return as("root2", "root2-password")
                .post(API + "/tokens")
                .then()
                .statusCode(200)
                .extract()
                .path("value");
    }

    private static BufferedReader open(String token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(ConfigProvider.getConfig().getValue("test.url", String.class) + API
                                + "/audit/stream?since=2020-01-01T00:00:00"))
                .header("Authentication-Token", token)
                .build();
        HttpResponse<InputStream> answer =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    /** What is written now is shown. */
    private void assertGoesOn(BufferedReader lines) throws IOException {
        String name = "streamed-" + ++written;
        admin().contentType("application/json")
                .body("{\"username\": \"" + name + "\", \"password\": \"a-long-password\", \"role\": \"default\"}")
                .header("X-Request-ID", "request-of-" + name)
                .put(API + "/users")
                .then()
                .statusCode(201);
        String line = lines.readLine();
        while (line != null && !line.contains("request-of-" + name)) {
            line = lines.readLine();
        }
        assertThat(line).as("the stream goes on").isNotNull();
    }

    /** In the middle, as the client has to see it. */
    private static void awaitEnd(BufferedReader lines) {
        assertThatThrownBy(() -> lines.lines().count()).hasCauseInstanceOf(IOException.class);
    }
}
