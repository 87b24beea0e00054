package io.holdfast.cluster.agent.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskRoomTest {

    @TempDir
    Path folder;

    @Test
    void aDiskIsFullWithLessThanTheReserveAndNeverWithoutOne() throws Exception {
        // given
        long usable = Files.getFileStore(folder).getUsableSpace();
        // when, then
        assertThat(new DiskRoom(folder, 1).isFull()).isFalse();
        assertThat(new DiskRoom(folder, usable + (1L << 40)).isFull()).isTrue();
        assertThat(new DiskRoom(folder, 0).isFull()).isFalse();
    }

    @Test
    void whereNothingIsYetNothingIsFull() {
        assertThat(new DiskRoom(folder.resolve("pgdata"), Long.MAX_VALUE / 4).isFull())
                .isFalse();
    }
}
