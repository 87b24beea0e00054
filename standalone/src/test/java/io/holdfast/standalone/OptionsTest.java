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
                "--broker localhost"
            })
    void whatCannotBeMeantIsRefusedInWords(String line) {
        assertThatThrownBy(() -> Options.parse(List.of(line.split(" ")), Map.of("HOLDFAST_DATA", "/d")))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("--");
    }
}
