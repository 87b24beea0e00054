package io.holdfast.testsupport;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class FixturesTest {

    @Test
    void anAbsentFixtureSkipsTheTestAndNamesItself() {
        assertThatThrownBy(() -> Fixtures.require("no-such-archive.zip"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("no-such-archive.zip")
                .hasMessageContaining("HOLDFAST_FIXTURES");
    }
}
