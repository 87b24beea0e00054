package io.holdfast.snapshot.store.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryArchiveStoreTest {

    @TempDir
    Path folder;

    @Test
    void anArchiveAppearsWholeUnderItsNameOrNotAtAll() throws Exception {
        // given
        DirectoryArchiveStore store = opened();
        Path aside = store.aside("t", "s");
        // when
        Files.writeString(aside, "archive");
        // then
        assertThat(store.find("t", "s")).isEmpty();
        store.publish(aside, "t", "s");
        assertThat(store.find("t", "s"))
                .hasValueSatisfying(file -> assertThat(file).hasContent("archive"));
        assertThat(aside).doesNotExist();
        store.delete("t", "s");
        assertThat(store.find("t", "s")).isEmpty();
        store.close(null);
    }

    @Test
    void theNextStartIsTheSameInstanceAndSweepsWhatTheFormerLeft() throws Exception {
        // given
        DirectoryArchiveStore former = opened();
        String id = former.instanceId();
        Path left = Files.writeString(former.aside("t", "s"), "half");
        former.close(null);
        // when
        DirectoryArchiveStore next = opened();
        // then
        assertThat(next.instanceId()).isEqualTo(id);
        assertThat(left).doesNotExist();
        next.close(null);
    }

    @Test
    void twoAtOnceAreTwoInstancesAndLeaveEachOthersFilesAlone() throws Exception {
        // given
        DirectoryArchiveStore one = opened();
        Path writing = Files.writeString(one.aside("t", "s"), "half");
        // when
        DirectoryArchiveStore other = opened();
        // then
        assertThat(other.instanceId()).isNotEqualTo(one.instanceId());
        assertThat(writing).exists();
        one.close(null);
        other.close(null);
    }

    @Test
    void namesOfTenantsAndSnapshotsCannotLeaveTheStore() throws Exception {
        // given
        DirectoryArchiveStore store = opened();
        // when
        for (List<String> name : List.of(List.of("..", "s"), List.of("a/b", "s"), List.of("t", "x".repeat(256)))) {
            Path aside = Files.writeString(store.aside(name.get(0), name.get(1)), "x");
            store.publish(aside, name.get(0), name.get(1));
        }
        // then
        try (Stream<Path> files = Files.walk(folder.resolve("store"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".zip"))).hasSize(3);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("store"))))
                .isEqualTo("rwx------");
        store.close(null);
    }

    private DirectoryArchiveStore opened() throws IOException {
        DirectoryArchiveStore store = new DirectoryArchiveStore(folder.resolve("store"));
        store.open();
        return store;
    }
}
