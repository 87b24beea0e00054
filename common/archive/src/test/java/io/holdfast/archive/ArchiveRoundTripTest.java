package io.holdfast.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.archive.ArchiveManifest.Table;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveRoundTripTest {

    @TempDir
    Path folder;

    @Test
    void everythingWrittenIsReadBackEqual() throws Exception {
        // given
        Path file = folder.resolve("a.zip");
        // when
        ArchiveWriter.Finished finished = AnArchive.write(file);
        // then
        try (ArchiveReader reader = ArchiveReader.open(file)) {
            assertThat(reader.metadata()).isEqualTo(AnArchive.metadata());
            assertThat(reader.manifest()).isEqualTo(finished.manifest());
            assertThat(reader.columns("access", "tenants").orElseThrow().names())
                    .containsExactly("storage_id", "name");
            Table table = reader.manifest().tables().get(0);
            assertThat(table.rows()).isEqualTo(200);
            assertThat(table.lastStorageId()).isEqualTo(2);
            assertThat(new String(reader.read(reader.rows(table).get(0)), StandardCharsets.UTF_8))
                    .startsWith("1\tdefault_tenant\n2\tother\n");
            assertThat(reader.contents()).hasSize(1);
            try (InputStream in = reader.open(reader.contents().iterator().next())) {
                assertThat(in.readAllBytes()).isEqualTo(AnArchive.PLUGIN);
            }
            assertThat(reader.security().orElseThrow().dataKeys()).hasSize(1);
            AtomicLong verified = new AtomicLong();
            reader.verify(2, verified::addAndGet);
            assertThat(verified.get()).isEqualTo(reader.manifest().rawBytes());
        }
        byte[] all = Files.readAllBytes(file);
        assertThat(finished.sha256()).isEqualTo(Hashes.sha256Hex(all, 0, all.length));
        assertThat(finished.archiveBytes()).isEqualTo(all.length);
    }

    @Test
    void metadataIsTheFirstEntryAndTheManifestTheLast() throws Exception {
        // given
        Path file = folder.resolve("a.zip");
        // when
        AnArchive.write(file);
        // then
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<String> names = zip.stream().map(entry -> entry.getName()).toList();
            assertThat(names.get(0)).isEqualTo("metadata.json");
            assertThat(names.get(names.size() - 1)).isEqualTo("manifest.json");
            assertThat(zip.getEntry("metadata.json").getMethod()).isZero();
            try (InputStream in = zip.getInputStream(zip.getEntry("plugins/default_tenant/p1.wgn"))) {
                assertThat(in.readAllBytes()).isEqualTo(AnArchive.PLUGIN);
            }
        }
    }

    @Test
    void fourWorkersAtOnceMakeASoundArchiveOfMoreThan65535Entries() throws Exception {
        // given
        Path file = folder.resolve("many.zip");
        int each = 17_000;
        ExecutorService threads = Executors.newFixedThreadPool(4);
        // when
        ArchiveWriter.Finished finished;
        try (ArchiveWriter writer = ArchiveWriter.create(file, AnArchive.metadata())) {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int from = t * each;
                running.add(threads.submit(() -> {
                    try (ArchiveWriter.Worker worker = writer.worker()) {
                        for (int i = from; i < from + each; i++) {
                            byte[] row = (i + "\tsome text some text some text\n")
                                    .repeat(i % 9)
                                    .getBytes(StandardCharsets.UTF_8);
                            worker.rows("scheduler", "events", i, i, row, row.length, 1);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> future : running) {
                future.get();
            }
            writer.table(new Table("scheduler", "events", 4L * each, 4L * each));
            finished = writer.finish();
        } finally {
            threads.shutdown();
        }
        // then
        byte[] all = Files.readAllBytes(file);
        assertThat(finished.sha256()).isEqualTo(Hashes.sha256Hex(all, 0, all.length));
        try (ArchiveReader reader = ArchiveReader.open(file)) {
            assertThat(reader.rows(finished.manifest().tables().get(0))).hasSize(4 * each);
            reader.verify(2, bytes -> {});
        }
        assertOpensWith("unzip", "-tqq", file.toString());
        assertOpensWith(
                "python3",
                "-c",
                "import sys,zipfile; sys.exit(zipfile.ZipFile(sys.argv[1]).testzip() is not None)",
                file.toString());
    }

    @Test
    void unzipAndPythonOpenIt() throws Exception {
        // given
        Path file = folder.resolve("a.zip");
        // when
        AnArchive.write(file);
        // then
        assertOpensWith("unzip", "-tqq", file.toString());
        assertOpensWith(
                "python3",
                "-c",
                "import sys,zipfile; sys.exit(zipfile.ZipFile(sys.argv[1]).testzip() is not None)",
                file.toString());
    }

    @Test
    void idsCannotLeaveTheirFolder() {
        assertThat(ArchiveNames.plugin("..", "../../etc/passwd", "zip"))
                .isEqualTo("plugins/%2E%2E/..%2F..%2Fetc%2Fpasswd.zip");
        assertThat(ArchiveNames.ui("/a/../é")).isEqualTo("ui/a/%2E%2E/%C3%A9");
        assertThat(ArchiveNames.segment("x".repeat(300))).hasSizeLessThan(201);
    }

    @Test
    void everyEngineMakesTheSameBytesAgain() throws Exception {
        byte[] text = "a line of a log, again and again 12345\n".repeat(60_000).getBytes(StandardCharsets.UTF_8);
        for (byte[] in : List.of(text, AnArchive.bytes(3_000_000), new byte[5], new byte[1_000_000])) {
            try (DeflateEngine jdk = DeflateEngines.jdk();
                    DeflateEngine best = DeflateEngines.best()) {
                for (DeflateEngine engine : List.of(jdk, best)) {
                    byte[] out = new byte[DeflateEngines.bound(in.length)];
                    int length = engine.deflate(in, in.length, out);
                    java.util.zip.Inflater inflater = new java.util.zip.Inflater(true);
                    inflater.setInput(out, 0, length);
                    byte[] back = new byte[in.length];
                    assertThat(inflater.inflate(back)).as(engine.name()).isEqualTo(in.length);
                    assertThat(back).as(engine.name()).isEqualTo(in);
                    inflater.end();
                }
            }
        }
    }

    private static void assertOpensWith(String... command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (java.io.IOException notInstalled) {
            Assumptions.abort(command[0] + " is not installed");
            return;
        }
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(command[0] + ": " + new String(output, StandardCharsets.UTF_8))
                .isZero();
    }
}
