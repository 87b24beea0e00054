package io.holdfast.restore.loading.storage;

import io.holdfast.archive.ArchiveInspector;
import io.holdfast.archive.ArchiveLayout;
import io.holdfast.archive.ArchiveManifest.Entry;
import io.holdfast.archive.ArchiveManifest.Kind;
import io.holdfast.archive.ArchiveManifest.Table;
import io.holdfast.archive.ArchiveMetadata;
import io.holdfast.archive.ArchiveReader;
import io.holdfast.archive.SecurityDocument;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.restore.loading.ArchiveSummary;
import io.holdfast.restore.loading.LoadOptions;
import io.holdfast.restore.loading.LoadReport;
import io.holdfast.restore.loading.Progress;
import io.holdfast.restore.loading.RawStagingTarget;
import io.holdfast.restore.loading.StagingTarget;
import io.holdfast.restore.loading.StateLoader;
import io.holdfast.state.StateSections;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Reads our own archives: chunks of COPY text go into the tables as they are, in parallel, each checked against its hash first. */
public final class HoldfastLoader implements StateLoader {

    private static final Set<String> TABLES = StateSections.ALL.stream()
            .map(section -> section.schema() + "." + section.table())
            .collect(Collectors.toUnmodifiableSet());

    @Override
    public Optional<ArchiveSummary> inspect(Path archive) {
        io.holdfast.archive.ArchiveSummary found = ArchiveInspector.inspect(archive);
        ArchiveMetadata metadata = found.metadata();
        if (found.layout() != ArchiveLayout.NATIVE || metadata == null) {
            return Optional.empty();
        }
        return Optional.of(new ArchiveSummary(
                "holdfast-" + metadata.formatVersion(),
                metadata.product(),
                metadata.productVersion(),
                metadata.stateRevision(),
                metadata.createdAt(),
                metadata.installationId(),
                metadata.tenants(),
                found.rawBytes()));
    }

    @Override
    public LoadReport load(Path archive, StagingTarget target, LoadOptions options, Progress progress) {
        if (!(target instanceof RawStagingTarget raw)) {
            throw new IllegalArgumentException("rows of our own archives need a target that takes COPY text");
        }
        try (ArchiveReader reader = ArchiveReader.open(archive)) {
            progress.expect(reader.manifest().rawBytes());
            adoptKeys(reader, raw);
            notes(options, raw);
            Map<String, Long> rows = new Loading(reader, raw, progress).run(options.workers());
            ArchiveMetadata metadata = reader.metadata();
            return new LoadReport(
                    rows,
                    target.warnings().list(),
                    metadata.product(),
                    metadata.productVersion(),
                    metadata.createdAt(),
                    metadata.executionId());
        }
    }

    private static void adoptKeys(ArchiveReader reader, RawStagingTarget target) {
        Optional<SecurityDocument> security = reader.security();
        if (security.isEmpty()) {
            return;
        }
        for (SecurityDocument.DataKey key : security.get().dataKeys()) {
            try {
                target.adoptDataKey(key.keyId(), Base64.getDecoder().decode(key.key()), key.createdAt());
            } catch (IllegalArgumentException e) {
                throw damaged("security.json holds the data key " + key.keyId() + ", which is not base64", e);
            }
        }
    }

    private static void notes(LoadOptions options, RawStagingTarget target) {
        if (options.restoreCertificates()) {
            target.warnings()
                    .add("restore_certificates: the archive carries no certificates; those of this manager stay");
        }
        if (options.recreateDeploymentsEnvs()) {
            target.warnings()
                    .add(
                            "recreate_deployments_envs: the archive carries the deployments' environments; none had to be made anew");
        }
    }

    private static ManagerException damaged(String what, Throwable cause) {
        return new ManagerException(
                ErrorCode.INVALID_ARCHIVE, what, "the archive is damaged or was changed; restore another one", cause);
    }

    /** One run over the archive. */
    private static final class Loading {

        private final ArchiveReader reader;
        private final RawStagingTarget target;
        private final Progress progress;
        private final Map<String, List<String>> columns = new HashMap<>();
        private final Map<String, Long> rows = new ConcurrentHashMap<>();

        Loading(ArchiveReader reader, RawStagingTarget target, Progress progress) {
            this.reader = reader;
            this.target = target;
            this.progress = progress;
        }

        Map<String, Long> run(int workers) {
            Map<String, Table> tables = new LinkedHashMap<>();
            for (Table table : reader.manifest().tables()) {
                if (!TABLES.contains(table.qualifiedName())) {
                    throw damaged(
                            "the archive's manifest names the table " + table.qualifiedName()
                                    + ", which is none of the state",
                            null);
                }
                tables.put(table.qualifiedName(), table);
                reader.columns(table.schema(), table.table())
                        .ifPresent(found -> columns.put(table.qualifiedName(), found.names()));
            }
            Set<String> contents = reader.contents().stream().map(Entry::name).collect(Collectors.toSet());
            List<Entry> work = new ArrayList<>(reader.manifest().entries());
            // The longest first, so that no worker is left with a big one at the end.
            work.sort(Comparator.comparingLong(Entry::bytes).reversed());
            InParallel.run("restore-load", workers, work, entry -> load(entry, tables, contents));
            for (Table table : tables.values()) {
                long loaded = rows.getOrDefault(table.qualifiedName(), 0L);
                if (loaded != table.rows()) {
                    throw damaged(
                            "the archive holds " + loaded + " rows of " + table.qualifiedName() + "; its manifest says "
                                    + table.rows(),
                            null);
                }
                Long last = table.lastStorageId();
                if (last != null && hasStorageId(table)) {
                    target.continueAfter(table.schema(), table.table(), last);
                }
            }
            return rows;
        }

        private void load(Entry entry, Map<String, Table> tables, Set<String> contents) {
            long loaded = 0;
            if (entry.kind() == Kind.ROWS) {
                loaded = rows(entry, tables);
            } else if (entry.kind() == Kind.CONTENT && contents.contains(entry.name())) {
                content(entry);
            } else {
                check(entry);
            }
            progress.advance(entry.table() == null ? "files" : entry.table(), entry.bytes(), loaded);
        }

        private long rows(Entry entry, Map<String, Table> tables) {
            Table table = tables.get(String.valueOf(entry.table()));
            if (table == null) {
                throw damaged(
                        entry.name() + " holds rows of " + entry.table() + ", which the manifest does not list", null);
            }
            List<String> names = columns.get(table.qualifiedName());
            if (names == null) {
                throw damaged("the archive holds rows of " + table.qualifiedName() + " but not their columns", null);
            }
            byte[] text = reader.read(entry);
            long loaded = target.copy(table.schema(), table.table(), names, text, text.length);
            Long promised = entry.rows();
            if (promised != null && promised != loaded) {
                throw damaged(entry.name() + " holds " + loaded + " rows; the manifest says " + promised, null);
            }
            rows.merge(table.qualifiedName(), loaded, Long::sum);
            return loaded;
        }

        private void content(Entry entry) {
            try (InputStream in = reader.open(entry)) {
                if (!target.putContent(entry.sha256(), entry.bytes(), in)) {
                    throw damaged(entry.name() + " comes twice", null);
                }
                // Its end is where the hash is checked.
                if (in.read() >= 0) {
                    throw damaged(entry.name() + " is longer than the manifest says", null);
                }
            } catch (IOException e) {
                throw damaged(entry.name() + " cannot be read: " + e.getMessage(), e);
            }
        }

        /** What is not loaded is still checked: an archive is good or it is not. */
        private void check(Entry entry) {
            byte[] buffer = new byte[64 * 1024];
            try (InputStream in = reader.open(entry)) {
                while (in.read(buffer) >= 0) {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new IllegalStateException("interrupted while checking an archive");
                    }
                }
            } catch (IOException e) {
                throw damaged(entry.name() + " cannot be read: " + e.getMessage(), e);
            }
        }

        private static boolean hasStorageId(Table table) {
            return StateSections.ALL.stream()
                    .anyMatch(section -> section.schema().equals(table.schema())
                            && section.table().equals(table.table())
                            && section.hasStorageId());
        }
    }
}
