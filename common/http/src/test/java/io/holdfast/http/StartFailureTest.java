package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import org.junit.jupiter.api.Test;

class StartFailureTest {

    @Test
    void whatAServiceSaysOfItIsToldWithWhatToDoNext() {
        // given
        Throwable failure = new RuntimeException(
                "Failed to start quarkus",
                new IllegalStateException(new ManagerException(
                        ErrorCode.INTERNAL_SERVER, "the secret key has 3 characters", "give it 32 or more")));
        // when, then
        assertThat(StartFailure.inWords(failure)).isEqualTo("the secret key has 3 characters; give it 32 or more");
    }

    @Test
    void settingsWithoutAValueAreToldWithTheirVariables() {
        // given
        Throwable failure = new RuntimeException("""
                Failed to load config value of type class java.lang.String for: holdfast.secret-key
                Failed to load config value of type class java.lang.String for: holdfast.database.url
                """);
        // when, then
        assertThat(StartFailure.inWords(failure))
                .isEqualTo("there is no value for holdfast.database.url, holdfast.secret-key; set in the environment"
                        + " HOLDFAST_DATABASE_URL, HOLDFAST_SECRET_KEY, as docs/configuration.md says");
    }

    @Test
    void elseTheFirstCauseIsToldOnOneLine() {
        // given
        Throwable failure = new RuntimeException(
                "Failed to start quarkus", new IllegalArgumentException("two things are wrong:\n\tone\n\tthe other\n"));
        // when, then
        assertThat(StartFailure.inWords(failure))
                .isEqualTo("java.lang.IllegalArgumentException: two things are wrong: one the other");
    }
}
