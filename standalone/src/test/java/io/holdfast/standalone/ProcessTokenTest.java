package io.holdfast.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ProcessTokenTest {

    @Test
    void aProcessKeepsItsTokenAndAnotherHasAnother() throws IOException {
        // given
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            // when
            String own = ProcessToken.of(ProcessHandle.current().pid());

            // then
            assertThat(own)
                    .isNotBlank()
                    .isEqualTo(ProcessToken.of(ProcessHandle.current().pid()));
            assertThat(ProcessToken.of(other.pid())).isNotBlank().isNotEqualTo(own);
        } finally {
            other.destroyForcibly();
        }
    }
}
