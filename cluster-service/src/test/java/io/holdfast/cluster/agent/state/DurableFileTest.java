package io.holdfast.cluster.agent.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.cluster.agent.AgentRefused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {

    @TempDir
    Path folder;

    @Test
    void whatWasWrittenIsReadByTheNextStart() {
        // given
        Path file = folder.resolve("state/election");
        new DurableFile(file).write("{\"epoch\":7}");
        // when
        var read = new DurableFile(file).read();
        // then
        assertThat(read).contains("{\"epoch\":7}");
        assertThat(folder.resolve("state/election.new")).doesNotExist();
    }

    @Test
    void aFileThatIsNotThereIsEmptyAndNoError() {
        assertThat(new DurableFile(folder.resolve("state/election")).read()).isEmpty();
    }

    @Test
    void aDamagedFileIsRefusedAndNeverTakenForEmpty() throws Exception {
        // given
        Path file = folder.resolve("election");
        new DurableFile(file).write("{\"epoch\":7}");
        String whole = Files.readString(file);
        for (String damaged : new String[] {
            whole.replace('7', '6'), whole.substring(0, whole.length() - 1), "", "\n", whole.substring(1)
        }) {
            Files.writeString(file, damaged);
            // when, then
            assertThatThrownBy(() -> new DurableFile(file).read())
                    .isInstanceOf(AgentRefused.class)
                    .hasMessageContaining("is damaged")
                    .hasMessageContaining("holdfast cluster join");
        }
    }

    @Test
    void aCrashBetweenWriteAndRenameLeavesTheFormerState() throws Exception {
        // given
        Path file = folder.resolve("election");
        new DurableFile(file).write("one");
        // when
        Files.writeString(folder.resolve("election.new"), "half of tw");
        // then
        assertThat(new DurableFile(file).read()).contains("one");
        new DurableFile(file).write("two");
        assertThat(new DurableFile(file).read()).contains("two");
    }

    @Test
    void startsAreNumberedUpwardsAlsoWhenTheClockGoesBackOrTheFileIsGone() throws Exception {
        // given
        Path file = folder.resolve("boot");
        Clock late = Clock.fixed(Instant.ofEpochMilli(5_000), ZoneOffset.UTC);
        Clock early = Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC);
        // when
        long first = BootCounter.next(file, late);
        long second = BootCounter.next(file, early);
        Files.delete(file);
        long third = BootCounter.next(file, Clock.fixed(Instant.ofEpochMilli(9_000), ZoneOffset.UTC));
        // then
        assertThat(first).isEqualTo(5_000);
        assertThat(second).isEqualTo(5_001);
        assertThat(third).isEqualTo(9_000);
    }
}
