package io.holdfast.snapshot.copies.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.snapshot.copies.ArchiveName;
import io.holdfast.snapshot.copies.Orders;
import io.holdfast.snapshot.copies.OtherNodes;
import io.holdfast.snapshot.copies.Report;
import io.holdfast.snapshot.copies.Wanted;
import io.holdfast.snapshot.store.storage.StoreOfTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two stores: one that has an archive, and one that is to have it. */
class CopiesTest {

    private static final URI N1 = URI.create("http://n1:8080");
    private static final byte[] CONTENT =
            "the bytes of an archive, more than one read takes".repeat(10_000).getBytes(UTF_8);

    @TempDir
    Path folder;

    private final List<Long> offsets = new ArrayList<>();
    private byte[] sent = CONTENT;
    private int breakAfter = Integer.MAX_VALUE;
    private StoreOfTest there;
    private StoreOfTest here;
    private FetchArchive fetch;
    private Wanted wanted;

    @BeforeEach
    void twoStores() throws Exception {
        there = StoreOfTest.open(folder.resolve("n1"));
        here = StoreOfTest.open(folder.resolve("n2"));
        Path written = there.aside("default_tenant", "s1");
        Files.write(written, CONTENT);
        there.publish(written, "default_tenant", "s1");
        fetch = new FetchArchive(here.store(), new N1());
        wanted = new Wanted("default_tenant", "s1", CONTENT.length, sha256(CONTENT));
    }

    @AfterEach
    void close() throws IOException {
        there.close();
        here.close();
    }

    @Test
    void anArchiveIsCopiedWholeAndVerified() throws IOException {
        // given
        assertThat(fetch.isHeld(wanted)).isFalse();

        // when
        fetch.fetch(N1, wanted);

        // then
        assertThat(here.find("default_tenant", "s1").orElseThrow()).hasBinaryContent(CONTENT);
        assertThat(fetch.isHeld(wanted)).isTrue();
    }

    @Test
    void aCopyThatBrokeOffGoesOnWhereItStopped() throws IOException {
        // given
        breakAfter = 100_000;
        assertThatThrownBy(() -> fetch.fetch(N1, wanted)).isInstanceOf(IOException.class);
        assertThat(here.find("default_tenant", "s1")).isEmpty();

        // when
        breakAfter = Integer.MAX_VALUE;
        fetch.fetch(N1, wanted);

        // then
        assertThat(here.find("default_tenant", "s1").orElseThrow()).hasBinaryContent(CONTENT);
        assertThat(offsets).hasSize(2).first().isEqualTo(0L);
        assertThat(offsets.get(1)).isPositive();
    }

    @Test
    void anotherArchiveIsRefusedAndTheNextTryBeginsAnew() throws IOException {
        // given
        sent = CONTENT.clone();
        sent[4711] ^= 1;
        assertThatThrownBy(() -> fetch.fetch(N1, wanted))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("SHA-256");
        assertThat(here.find("default_tenant", "s1")).isEmpty();

        // when
        sent = CONTENT;
        fetch.fetch(N1, wanted);

        // then
        assertThat(offsets).containsExactly(0L, 0L);
        assertThat(fetch.isHeld(wanted)).isTrue();
    }

    @Test
    void aLongerArchiveIsRefused() {
        // given
        sent = Arrays.copyOf(CONTENT, CONTENT.length + 100_000);

        // then
        assertThatThrownBy(() -> fetch.fetch(N1, wanted)).isInstanceOf(IOException.class);
        assertThat(here.find("default_tenant", "s1")).isEmpty();
    }

    @Test
    void anArchiveThatWasReplacedIsNotTheOneThatIsWanted() throws Exception {
        // given
        fetch.fetch(N1, wanted);
        byte[] other = CONTENT.clone();
        other[0] ^= 1;

        // then
        assertThat(fetch.isHeld(new Wanted("default_tenant", "s1", other.length, sha256(other))))
                .isFalse();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** The node that has it. */
    private final class N1 implements OtherNodes {
        @Override
        public Orders report(URI manager, Report report) {
            throw new IllegalStateException("nobody reports in this test");
        }

        @Override
        public InputStream open(URI manager, ArchiveName name, long offset) throws IOException {
            assertThat(manager).isEqualTo(N1);
            assertThat(there.find(name.tenantName(), name.snapshotId())).isPresent();
            offsets.add(offset);
            byte[] rest = Arrays.copyOfRange(sent, (int) offset, sent.length);
            return new ByteArrayInputStream(rest) {
                @Override
                public synchronized int read(byte[] buffer, int from, int length) {
                    int n = pos >= breakAfter ? -1 : super.read(buffer, from, length);
                    return n;
                }
            };
        }
    }
}
