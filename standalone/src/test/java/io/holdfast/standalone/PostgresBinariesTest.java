package io.holdfast.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresBinariesTest {

    @TempDir
    Path temporary;

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, postgres-linux-x86_64.txz",
        "Linux, aarch64, postgres-linux-arm_64.txz",
        "Mac OS X, aarch64, postgres-darwin-arm_64.txz",
        "Mac OS X, x86_64, postgres-darwin-x86_64.txz",
    })
    void eachMachineHasItsBundle(String osName, String osArch, String bundle) {
        assertThat(PostgresBinaries.bundle(osName, osArch)).isEqualTo(bundle);
    }

    @Test
    void aCompleteCopyIsKeptAndAHalfOneIsReplaced() throws IOException {
        // given
        Path home = PostgresBinaries.unpackedUnder(temporary);
        Path server = home.resolve("bin/postgres");
        FileTime longAgo = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        Files.setLastModifiedTime(server, longAgo);

        // when
        PostgresBinaries.unpackedUnder(temporary);

        // then
        assertThat(server).isExecutable();
        assertThat(Files.getLastModifiedTime(server)).isEqualTo(longAgo);

        // and when
        Files.delete(home.resolve("bundle"));
        PostgresBinaries.unpackedUnder(temporary);

        // then
        assertThat(Files.getLastModifiedTime(server)).isNotEqualTo(longAgo);
        assertThat(temporary).isDirectoryNotContaining("glob:**/programs.new*");
    }
}
