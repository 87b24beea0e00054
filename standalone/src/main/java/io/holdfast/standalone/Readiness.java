package io.holdfast.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Asks this process's own health endpoint until every service says that it is ready. */
final class Readiness {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int OK = 200;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI uri;

    Readiness(int port) {
        this.uri = URI.create("http://127.0.0.1:" + port + "/q/health/ready");
    }

    /** Empty when ready, else what the endpoint said last. Gives up early when {@code given up} says so. */
    Optional<String> await(BooleanSupplier givenUp) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        String said = "no answer from " + uri;
        while (System.nanoTime() < deadline && !givenUp.getAsBoolean()) {
            try {
                HttpRequest request = HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(10))
                        .build();
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == OK) {
                    return Optional.empty();
                }
                said = answer.statusCode() + " " + answer.body();
            } catch (IOException e) {
                said = reason(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.of("interrupted");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
        return Optional.of(said);
    }

    private static String reason(IOException e) {
        @Nullable String message = e.getMessage();
        return message == null ? e.toString() : message;
    }
}
