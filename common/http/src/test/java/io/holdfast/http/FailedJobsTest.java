package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testsupport.Logged;
import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class FailedJobsTest {

    @Test
    void jobThatFindsNoDatabaseIsALineAndAnyOtherFailureAnError() {
        try (Logged logged = Logged.by("io.holdfast.http")) {
            FailedJobs.tell(
                    "sweep",
                    new CompletionException(new IllegalStateException(
                            "cannot look", new SQLException("the database system is starting up", "57P03"))));
            FailedJobs.tell("sweep", new IllegalStateException("a rule is broken"));

            assertThat(logged.lines()).hasSize(2);
            assertThat(logged.lines().get(0)).startsWith("WARN");
            assertThat(logged.lines().get(1)).startsWith("ERROR");
        }
    }
}
