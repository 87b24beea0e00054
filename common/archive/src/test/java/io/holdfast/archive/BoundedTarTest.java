package io.holdfast.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedTarTest {

    @ParameterizedTest
    @ValueSource(ints = {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX})
    void longNamesAreReadAndContentOfAnyLengthIsPassedOver(int longNames) throws IOException {
        String name = "bp/" + "d".repeat(5_000);
        byte[] tar = tar(longNames, name, new byte[3 << 20], "bp/last", new byte[10]);
        List<String> names = new ArrayList<>();
        try (BoundedTar in = BoundedTar.of(new ByteArrayInputStream(tar))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        assertThat(names).containsExactly(name, "bp/last");
    }

    @ParameterizedTest
    @ValueSource(bytes = {TarConstants.LF_GNUTYPE_LONGNAME, TarConstants.LF_PAX_EXTENDED_HEADER_LC})
    void aNameThatIsTooLongIsNotHeld(byte kind) throws IOException {
        refused(header(kind, 2 << 20));
    }

    @Test
    void manyHeadersOfOneEntryCountTogether() throws IOException {
        // given: a long name of a long name of a long name, and so on
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 40; i++) {
            bytes.write(header(TarConstants.LF_GNUTYPE_LONGNAME, 50_000));
        }
        refused(bytes.toByteArray());
    }

    private static void refused(byte[] tar) throws IOException {
        try (BoundedTar in = BoundedTar.of(new ByteArrayInputStream(tar))) {
            assertThatThrownBy(in::getNextEntry)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("name and attributes have more than 1048576 bytes");
        }
    }

    /** What tells the name of the next entry, as a stranger might write it: the library's own writer takes an hour for it. */
    private static byte[] header(byte kind, int nameBytes) throws IOException {
        String name = "d".repeat(nameBytes);
        String content = kind == TarConstants.LF_GNUTYPE_LONGNAME
                ? name
                : (" path=" + name + "\n").length() + 7 + " path=" + name + "\n";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry("name", kind);
            entry.setSize(content.length());
            tar.putArchiveEntry(entry);
            tar.write(content.getBytes(StandardCharsets.US_ASCII));
            tar.closeArchiveEntry();
            // Without the end, so that another header may follow.
            tar.flush();
            int padded = 512 + (content.length() + 511) / 512 * 512;
            return Arrays.copyOf(bytes.toByteArray(), padded);
        }
    }

    private static byte[] tar(int longNames, String first, byte[] content, String second, byte[] other)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(longNames);
            put(tar, first, content);
            put(tar, second, other);
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
