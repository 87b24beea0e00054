package io.holdfast.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @TempDir
    Path temporary;

    @Test
    void secretsAreMadeOnceAndOnlyTheirOwnerCanReadThem() throws IOException {
        // given
        Path directory = temporary.resolve("new/data");
        String key;
        String password;
        try (DataDirectory data = DataDirectory.open(directory)) {
            key = data.secretKey(null);
            password = data.adminPassword(null);
        }

        // when
        try (DataDirectory again = DataDirectory.open(directory)) {
            // then
            assertThat(again.secretKey(null)).isEqualTo(key);
            assertThat(again.adminPassword("another")).isEqualTo(password);
        }
        assertThat(Base64.getDecoder().decode(key)).hasSize(32);
        assertThat(mode(directory)).isEqualTo("rwx------");
        assertThat(mode(directory.resolve("secret-key"))).isEqualTo("rw-------");
        assertThat(mode(directory.resolve("admin-password"))).isEqualTo("rw-------");
    }

    @Test
    void theFirstStartTakesTheGivenPassword() throws IOException {
        // when
        try (DataDirectory data = DataDirectory.open(temporary)) {
            data.adminPassword("given");
        }

        // then
        assertThat(temporary.resolve("admin-password")).hasContent("given");
    }

    @Test
    void anotherSecretKeyThanTheKeptOneIsRefused() {
        // given
        try (DataDirectory data = DataDirectory.open(temporary)) {
            String kept = data.secretKey(null);

            // when, then
            assertThat(data.secretKey(kept)).isEqualTo(kept);
            assertThatThrownBy(() -> data.secretKey("b3RoZXI="))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("HOLDFAST_SECRET_KEY")
                    .hasMessageNotContaining("b3RoZXI=");
        }
    }

    @Test
    void whatCannotBeADirectoryIsRefusedInWords() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "x");
        assertThatThrownBy(() -> DataDirectory.open(file))
                .isInstanceOf(StartRefused.class)
                .hasMessage("cannot use the data directory " + file + ": " + file + " is there, and is no directory");
        assertThatThrownBy(() -> DataDirectory.open(Path.of("/proc/holdfast")))
                .isInstanceOf(StartRefused.class)
                .hasMessageStartingWith("cannot use the data directory /proc/holdfast: ")
                .hasMessageNotContaining("java.nio");
    }

    @Test
    void aDirectoryInUseIsRefused() {
        try (DataDirectory first = DataDirectory.open(temporary)) {
            assertThat(first.root()).isEqualTo(first.root().normalize());
            assertThatThrownBy(() -> DataDirectory.open(temporary))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("runs already");
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
