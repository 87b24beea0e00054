package io.holdfast.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    @Test
    void withoutFlagsEverythingIsEmbeddedBelowTheStateDirectory() {
        // when
        Options options = Options.parse(List.of(), Map.of("XDG_STATE_HOME", "/state"));

        // then
        assertThat(options).isEqualTo(new Options(Path.of("/state/holdfast"), 8080, null, null));
    }

    @Test
    void flagsGoBeforeTheEnvironment() {
        // given
        Map<String, String> environment = Map.of(
                "HOLDFAST_DATA", "/elsewhere",
                "HOLDFAST_DATABASE_URL", "jdbc:postgresql://one/a",
                "HOLDFAST_DATABASE_PASSWORD", "secret",
                "HOLDFAST_BROKER_URL", "amqp://one/a");

        // when
        Options options = Options.parse(
                List.of(
                        "--data=/d",
                        "--port",
                        "0",
                        "--database",
                        "jdbc:postgresql://two/b?user=u",
                        "--broker=amqp://two/b"),
                environment);

        // then
        assertThat(options).isEqualTo(new Options(Path.of("/d"), 0, "jdbc:postgresql://two/b?user=u", "amqp://two/b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port",
                "--port 65536",
                "--port -1",
                "--port eighty",
                "--prot 80",
                "--up",
                "--database mysql://h/d",
                "--database jdbc:postgresql://",
                "--database jdbc:postgresql://h?user=u&password=p",
                "--database jdbc:postgresql://h/?user=u&password=p",
                "--database jdbc:postgresql://:1/d?user=u&password=p",
                "--database jdbc:postgresql://h:x/d?user=u&password=p",
                "--database jdbc:postgresql://h:70000/d?user=u&password=p",
                "--database jdbc:postgresql://h:1,i:/d?user=u&password=p",
                "--database jdbc:postgresql://h/d?user=u",
                "--database jdbc:postgresql://h/d?user=u&password=%p",
                "--broker localhost",
                "--broker amqp://",
                "--broker amqp://u:p@/v",
                "--broker amqp://u:p@h:x/v",
                "--broker amqp://u:p@h:70000/v",
                "--broker amqp://u:p%@h/v"
            })
    void whatCannotBeMeantIsRefusedInWordsAsWrongUsage(String line) {
        assertThatThrownBy(() -> Options.parse(List.of(line.split(" ")), Map.of("HOLDFAST_DATA", "/d")))
                .isInstanceOfSatisfying(
                        StartRefused.class,
                        refused -> assertThat(refused.exitCode()).isEqualTo(2))
                .hasMessageContaining("--")
                .hasMessageNotContainingAny("u:p", "password=p", "java");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--database jdbc:postgresql://h/d?user=u&password=p",
                "--database jdbc:postgresql://h:5432,[::1]:5433/d?user=u&password=p&ssl=true",
                "--database jdbc:postgresql://[::1]/d?user=u&password=p",
                "--database jdbc:postgresql:d?user=u&password=p",
                "--broker amqp://h",
                "--broker amqps://u:p@[::1]:5671/v",
                "--broker amqp://u:p%40@h/%2Fv"
            })
    void whatCanBeMeantIsTaken(String line) {
        Options options = Options.parse(List.of(line.split(" ")), Map.of("HOLDFAST_DATA", "/d"));
        assertThat(line)
                .endsWith(String.valueOf(options.databaseUrl() == null ? options.brokerUrl() : options.databaseUrl()));
    }
}
