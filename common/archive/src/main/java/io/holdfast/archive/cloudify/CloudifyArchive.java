package io.holdfast.archive.cloudify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot archive of a Cloudify manager, opened for reading. Entities come by tenant and type, as often as wanted, each once (see
 * {@link EntityType} and docs/importing-cloudify.md for the merge of repeated dumps). Holds the documents' headers in memory, and
 * while reading one item, or the items of one small document; never the archive. Tenants are told by paths, so archives without
 * directory entries read as well. Not thread-safe.
 */
public final class CloudifyArchive implements Closeable {

    private static final String METADATA = "metadata.json";
    private static final int LARGEST_METADATA_BYTES = 1024 * 1024;

    private static final Pattern NUMBERED =
            Pattern.compile("(?:mgmt|tenants/(?<tenant>[^/]+))/(?<number>\\d{1,9})\\.json");
    private static final Pattern BY_TYPE =
            Pattern.compile("(?:mgmt|tenants/(?<tenant>[^/]+))/(?<type>[^/]+)/(?<name>[^/]+)\\.json");
    private static final Pattern BLOB =
            Pattern.compile("tenants/(?<tenant>[^/]+)/(?<kind>blueprints|plugins|deployments)(?:_archives)?/"
                    + "(?<id>[^/]+?)(?<suffix>\\.tar\\.gz|\\.zip|\\.wgn|\\.b64zip|\\.tgz|\\.tar\\.bz2|\\.tar)");
    private static final Pattern USER_INTERFACE = Pattern.compile("(?:composer|stage)/.+");
    private static final Pattern IN_TENANT = Pattern.compile("tenants/(?<tenant>[^/]+)/.+");

    /** Directories whose file names are source ids, in the layout with directories. */
    private static final Set<EntityType> NAMED_BY_SOURCE =
            Set.of(EntityType.NODES, EntityType.NODE_INSTANCES, EntityType.AGENTS, EntityType.TASKS_GRAPHS);

    private static final Map<String, String> EVENT_DIRECTORIES =
            Map.of("executions_events", Entity.OF_EXECUTIONS, "execution_groups_events", Entity.OF_EXECUTION_GROUPS);

    private final ArchiveFiles files;
    private final Layout layout;
    private final String snapshotVersion;
    private final @Nullable String executionId;
    private final Set<String> tenants;
    /** By tenant ("" for the management part), type, then source and source id; documents in order. */
    private final Map<String, Map<EntityType, Map<String, List<Document>>>> documents;

    private final Map<String, Blob> uploads;
    private final List<Blob> userInterface;
    private final List<UnreadPart> unread;

    private CloudifyArchive(
            ArchiveFiles files,
            Layout layout,
            String snapshotVersion,
            @Nullable String executionId,
            Contents contents) {
        this.files = files;
        this.layout = layout;
        this.snapshotVersion = snapshotVersion;
        this.executionId = executionId;
        this.tenants = contents.tenants;
        this.documents = contents.documents;
        this.uploads = contents.uploads;
        this.userInterface = contents.userInterface;
        this.unread = contents.unread;
    }

    /**
     * Opens an archive and reads its documents through once, so that damage shows before anything is restored.
     *
     * @throws ManagerException INVALID_ARCHIVE if it is damaged, unsafe, or of a layout that cannot be read here
     */
    public static CloudifyArchive open(Path zip) {
        return open(ZipFiles.open(zip));
    }

    static CloudifyArchive open(ArchiveFiles files) {
        try {
            Map<String, Blob> byName = new TreeMap<>();
            files.all().forEach(file -> byName.put(file.path(), file));
            ObjectNode metadata = metadata(byName.get(METADATA));
            Layout layout = layout(metadata, byName.keySet())
                    .orElseThrow(() -> new ManagerException(
                            ErrorCode.INVALID_ARCHIVE,
                            "not a snapshot archive of Cloudify: its metadata names no snapshot_version, or it holds no"
                                    + " entities",
                            "check that the archive is a snapshot, as the manager made it"));
            String version = version(metadata);
            if (!layout.readable()) {
                throw refused(layout, version);
            }
            JsonNode execution = metadata.get("execution_id");
            return new CloudifyArchive(
                    files,
                    layout,
                    version,
                    execution != null && execution.isTextual() ? execution.textValue() : null,
                    Contents.of(layout, byName.values()));
        } catch (RuntimeException e) {
            try {
                files.close();
            } catch (IOException onClosing) {
                e.addSuppressed(onClosing);
            }
            throw e;
        }
    }

    /**
     * Tells an archive of Cloudify by its metadata and its files' names, also one of a layout that cannot be read here.
     *
     * @param metadata {@code metadata.json}
     * @return empty if it is none
     */
    public static Optional<Layout> layout(JsonNode metadata, Set<String> fileNames) {
        JsonNode version = metadata.get("snapshot_version");
        if (version == null || !version.isTextual()) {
            return Optional.empty();
        }
        if (metadata.has("has_cloudify_events") || isFileOrDirectory(fileNames, "es_data") && isBefore4(version)) {
            return Optional.of(Layout.ELASTICSEARCH_DUMP);
        }
        if (fileNames.contains("pg_data")
                || metadata.has("schema_revision")
                        && metadata.has("stage_schema_revision")
                        && metadata.has("composer_schema_revision")) {
            return Optional.of(Layout.DATABASE_DUMP);
        }
        if (fileNames.stream().anyMatch(name -> NUMBERED.matcher(name).matches())) {
            return Optional.of(Layout.NUMBERED);
        }
        if (fileNames.stream().anyMatch(name -> BY_TYPE.matcher(name).matches())) {
            return Optional.of(Layout.DIRECTORIES);
        }
        return Optional.empty();
    }

    public Layout layout() {
        return layout;
    }

    /** Version of the manager that made the archive. */
    public String snapshotVersion() {
        return snapshotVersion;
    }

    /** The execution that made the archive; itself among the entities, as {@code started}. */
    public Optional<String> executionId() {
        return Optional.ofNullable(executionId);
    }

    /** Tenants that have a part of the archive, by name; {@link EntityType#TENANTS} may name others, or fewer. */
    public Set<String> tenants() {
        return tenants;
    }

    /** Items of a type in all parts, before the merge of repeated dumps. */
    public long items(EntityType type) {
        return documents.values().stream()
                .flatMap(types -> types.getOrDefault(type, Map.of()).values().stream())
                .flatMap(Collection::stream)
                .mapToLong(Document::items)
                .sum();
    }

    /** What was found and not understood. */
    public List<UnreadPart> unread() {
        return unread;
    }

    /**
     * Reads the entities of a type in one part of the archive, each once, in its last version; events as often as they happened.
     *
     * @param tenant null for management types
     * @throws ManagerException INVALID_ARCHIVE if a document is damaged
     */
    public <X extends Exception> void read(@Nullable String tenant, EntityType type, EntityVisitor<X> visitor)
            throws X {
        Map<String, List<Document>> groups =
                documents.getOrDefault(tenant == null ? "" : tenant, Map.of()).getOrDefault(type, Map.of());
        for (List<Document> group : groups.values()) {
            DumpedEvents.DocumentVisitor<X> one = (document, item) -> visitor.visit(new Entity(
                    layout,
                    tenant,
                    type,
                    document.source(),
                    document.sourceId(),
                    item,
                    document.blob().path()));
            if (type == EntityType.EVENTS) {
                DumpedEvents.read(DumpedEvents.dumps(group, layout), one);
            } else {
                DumpedEntities.read(type, group, one);
            }
        }
    }

    /** Reads everything: the management types, then tenant by tenant, the types in the order of {@link EntityType}. */
    public <X extends Exception> void readAll(EntityVisitor<X> visitor) throws X {
        for (EntityType type : EntityType.values()) {
            if (type.management()) {
                read(null, type, visitor);
            }
        }
        for (String tenant : tenants) {
            for (EntityType type : EntityType.values()) {
                if (!type.management()) {
                    read(tenant, type, visitor);
                }
            }
        }
    }

    /** The archive of a blueprint, as it was uploaded, from a tenant's part. */
    public Optional<Blob> blueprintArchive(String tenant, String id) {
        return Optional.ofNullable(uploads.get(upload("blueprints", tenant, id)));
    }

    /** The archive of a plugin (wagon and yaml files) from a tenant's part. */
    public Optional<Blob> pluginArchive(String tenant, String id) {
        return Optional.ofNullable(uploads.get(upload("plugins", tenant, id)));
    }

    /**
     * The zip of a deployment's work directory, decoded while it is read. Reading fails with {@link IOException} where the archive
     * does not hold base64.
     */
    public Optional<Blob> workDirectory(String tenant, String id) {
        Blob encoded = uploads.get(upload("deployments", tenant, id));
        if (encoded == null) {
            return Optional.empty();
        }
        return Optional.of(
                new Blob(encoded.path(), encoded.bytes() / 4 * 3, () -> Base64Text.decoding(encoded.open())));
    }

    /** Files of the user interfaces (composer and stage), by path. */
    public List<Blob> userInterfaceFiles() {
        return userInterface;
    }

    @Override
    public void close() throws IOException {
        files.close();
    }

    private static ObjectNode metadata(@Nullable Blob file) {
        if (file == null) {
            throw new ManagerException(
                    ErrorCode.INVALID_ARCHIVE,
                    "the archive has no " + METADATA,
                    "check that the archive is a snapshot, as the manager made it");
        }
        try (InputStream in = file.open()) {
            byte[] bytes = in.readNBytes(LARGEST_METADATA_BYTES + 1);
            if (bytes.length <= LARGEST_METADATA_BYTES && Json.MAPPER.readTree(bytes) instanceof ObjectNode metadata) {
                return metadata;
            }
        } catch (IOException e) {
            throw Document.damaged(file, e);
        }
        throw new ManagerException(
                ErrorCode.INVALID_ARCHIVE,
                METADATA + " is not a JSON object of at most " + LARGEST_METADATA_BYTES + " bytes",
                "check that the archive is a snapshot, as the manager made it");
    }

    private static String version(ObjectNode metadata) {
        return metadata.path("snapshot_version").asText();
    }

    private static boolean isBefore4(JsonNode version) {
        return version.asText().matches("[0-3](\\..*)?");
    }

    private static boolean isFileOrDirectory(Set<String> names, String name) {
        return names.contains(name) || names.stream().anyMatch(file -> file.startsWith(name + "/"));
    }

    private static ManagerException refused(Layout layout, String version) {
        return new ManagerException(
                ErrorCode.INVALID_ARCHIVE,
                "the archive is a snapshot of Cloudify " + version + " in the layout \"" + layout.title()
                        + "\", which cannot be restored here; expected one of Cloudify 7 with JSON files per entity type",
                layout == Layout.ELASTICSEARCH_DUMP
                        ? "restore it on a Cloudify 4 manager, upgrade that step by step to 7.1, then take a snapshot there"
                        : "restore it on a Cloudify 7.1 manager, then take a snapshot there without the option legacy");
    }

    private static String upload(String kind, String tenant, String id) {
        return kind + "/" + tenant + "/" + id;
    }

    /** What the files' names and the documents' headers tell. */
    private static final class Contents {
        private final Set<String> tenants = new TreeSet<>();
        private final Map<String, Map<EntityType, Map<String, List<Document>>>> documents = new TreeMap<>();
        private final Map<String, Blob> uploads = new TreeMap<>();
        private final List<Blob> userInterface = new ArrayList<>();
        private final List<UnreadPart> unread = new ArrayList<>();

        static Contents of(Layout layout, Collection<Blob> files) {
            Contents contents = new Contents();
            List<Document> found = new ArrayList<>();
            for (Blob file : files) {
                contents.add(layout, file, found);
            }
            found.sort(Comparator.comparingInt(Document::number)
                    .thenComparing(document -> document.blob().path()));
            found.forEach(contents::add);
            return contents;
        }

        private void add(Layout layout, Blob file, List<Document> found) {
            Matcher inTenant = IN_TENANT.matcher(file.path());
            if (inTenant.matches()) {
                tenants.add(inTenant.group("tenant"));
            }
            Matcher upload = BLOB.matcher(file.path());
            Matcher document = (layout == Layout.NUMBERED ? NUMBERED : BY_TYPE).matcher(file.path());
            if (upload.matches()) {
                Blob before = uploads.putIfAbsent(
                        upload(upload.group("kind"), upload.group("tenant"), upload.group("id")), file);
                if (before != null) {
                    unread.add(new UnreadPart(file.path(), before.path() + " is taken for the same upload"));
                }
            } else if (document.matches()) {
                found.add(
                        layout == Layout.NUMBERED
                                ? Document.scan(
                                        file, document.group("tenant"), Integer.parseInt(document.group("number")))
                                : inDirectory(file, document));
            } else if (USER_INTERFACE.matcher(file.path()).matches()) {
                userInterface.add(file);
            } else if (!file.path().equals(METADATA)) {
                unread.add(new UnreadPart(file.path(), "no Cloudify version is known to write such a file"));
            }
        }

        private static Document inDirectory(Blob file, Matcher path) {
            String directory = path.group("type");
            String name = path.group("name");
            int number = name.matches("\\d{1,9}") ? Integer.parseInt(name) : 0;
            Document scanned = Document.scan(file, path.group("tenant"), number);
            String source = EVENT_DIRECTORIES.get(directory);
            String type = source == null ? directory : EntityType.EVENTS.wireName();
            boolean namedBySource = source != null
                    || EntityType.of(type).filter(NAMED_BY_SOURCE::contains).isPresent();
            return new Document(
                    file,
                    scanned.tenant(),
                    number,
                    type,
                    source,
                    namedBySource ? name : scanned.sourceId(),
                    scanned.latestTimestamp(),
                    scanned.items(),
                    scanned.checksum());
        }

        private void add(Document document) {
            Optional<EntityType> type = EntityType.of(document.type());
            if (type.isEmpty()) {
                unread.add(new UnreadPart(
                        document.blob().path(),
                        "holds " + document.items() + " items of the unknown type " + document.type()));
                return;
            }
            if (type.get().management() != (document.tenant() == null)) {
                unread.add(new UnreadPart(
                        document.blob().path(),
                        "holds " + document.items() + " items of type " + document.type() + " in the wrong part"));
                return;
            }
            documents
                    .computeIfAbsent(
                            document.tenant() == null ? "" : document.tenant(), part -> new EnumMap<>(EntityType.class))
                    .computeIfAbsent(type.get(), any -> new LinkedHashMap<>())
                    .computeIfAbsent(document.source() + "/" + document.sourceId(), any -> new ArrayList<>())
                    .add(document);
        }
    }
}
