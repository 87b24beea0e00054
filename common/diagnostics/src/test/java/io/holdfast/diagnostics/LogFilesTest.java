package io.holdfast.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {

    @TempDir
    Path folder;

    @Test
    void theEndBeginsWithAWholeLineAndGoesBackIntoTheRotatedFile() throws IOException {
        // given
        Path log = Files.writeString(folder.resolve("a.log"), "three\nfour\n");
        Files.writeString(folder.resolve("a.log.1"), "one\ntwo\n");
        // then
        assertThat(LogFiles.end(log, 8)).isEqualTo("four\n");
        assertThat(LogFiles.end(log, 16)).isEqualTo("two\nthree\nfour\n");
        assertThat(LogFiles.end(log, 100)).isEqualTo("one\ntwo\nthree\nfour\n");
    }

    @Test
    void onlyLogsOfTheDirectoryItselfAreFound() throws IOException {
        // given
        Path log = Files.writeString(folder.resolve("a.log"), "x");
        Path elsewhere = Files.writeString(folder.resolve("secret.txt"), "x");
        Files.createSymbolicLink(folder.resolve("b.log"), elsewhere);
        Files.createDirectory(folder.resolve("c.log"));
        // then
        assertThat(LogFiles.in(folder)).containsExactly(log);
    }

    @Test
    void theRingKeepsTheLatestRecordsWithinItsBound() {
        // given
        RingHandler ring = new RingHandler(
                new Formatter() {
                    @Override
                    public String format(LogRecord record) {
                        return record.getMessage() + "\n";
                    }
                },
                10);
        // when
        for (String message : new String[] {"one", "two", "three"}) {
            ring.publish(new LogRecord(Level.INFO, message));
        }
        // then
        assertThat(ring.text()).isEqualTo("two\nthree\n");
        ring.publish(new LogRecord(Level.INFO, "far too long a line"));
        assertThat(ring.text()).isEqualTo("far too lo");
    }
}
