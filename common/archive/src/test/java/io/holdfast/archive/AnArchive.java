package io.holdfast.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A small archive with one of everything. */
final class AnArchive {

    static final Instant CREATED = Instant.parse("2026-03-13T04:00:00Z");
    static final byte[] PLUGIN = bytes(300_000);

    private AnArchive() {}

    static ArchiveMetadata metadata() {
        return metadata(ArchiveNames.FORMAT_VERSION);
    }

    static ArchiveMetadata metadata(int formatVersion) {
        return new ArchiveMetadata(
                formatVersion,
                ArchiveNames.PRODUCT,
                "0.1",
                "1",
                CREATED,
                "s1",
                "e1",
                "i1",
                "0/1",
                "1:1:",
                List.of("default_tenant"),
                ArchiveOptions.ALL,
                "deflate");
    }

    static ArchiveWriter.Finished write(Path file) throws IOException {
        return write(file, metadata());
    }

    static ArchiveWriter.Finished write(Path file, ArchiveMetadata metadata) throws IOException {
        try (ArchiveWriter writer = ArchiveWriter.create(file, metadata)) {
            try (ArchiveWriter.Worker worker = writer.worker()) {
                worker.columns(new TableColumns(
                        "access",
                        "tenants",
                        List.of(
                                new TableColumns.Column("storage_id", "bigint"),
                                new TableColumns.Column("name", "text"))));
                byte[] rows = "1\tdefault_tenant\n2\tother\n".repeat(100).getBytes(StandardCharsets.UTF_8);
                worker.rows("access", "tenants", 1, 2, rows, rows.length, 200);
                worker.content(
                        ArchiveNames.plugin("default_tenant", "p1", "wgn"),
                        Hashes.sha256Hex(PLUGIN, 0, PLUGIN.length),
                        PLUGIN.length,
                        out -> out.write(PLUGIN));
                worker.document(ArchiveNames.AGENTS, out -> out.write("{}".getBytes(StandardCharsets.UTF_8)));
                worker.document(
                        ArchiveNames.SECURITY,
                        new SecurityDocument(List.of(new SecurityDocument.DataKey("k1", "AAAA", CREATED))));
            }
            writer.table(new ArchiveManifest.Table("access", "tenants", 200, 2L));
            return writer.finish();
        }
    }

    /** The same bytes each time, that do not compress. */
    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new java.util.Random(7).nextBytes(bytes);
        return bytes;
    }
}
