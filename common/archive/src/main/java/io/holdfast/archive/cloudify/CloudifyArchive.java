package io.holdfast.archive.cloudify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.archive.ArchiveInspector;
import io.holdfast.archive.ArchiveLayout;
import io.holdfast.archive.SafeZip;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot archive of a Cloudify manager, opened for reading. Entities come by tenant and type, as often as wanted, each once (see
 * {@link EntityType} and docs/importing-cloudify.md for the merge of repeated dumps). Holds the documents' headers in memory, and
 * while reading one item, or the items of one small document; never the archive. Tenants are told by paths, so archives without
 * directory entries read as well. Not thread-safe.
 */
public final class CloudifyArchive implements Closeable {

    private static final String METADATA = "metadata.json";
    private static final String CHECK = "check that the archive is a snapshot, as the manager made it";

    private static final Pattern NUMBERED =
            Pattern.compile("(?:mgmt|tenants/(?<tenant>[^/]+))/(?<number>\\d{1,9})\\.json");
    private static final Pattern BY_TYPE =
            Pattern.compile("(?:mgmt|tenants/(?<tenant>[^/]+))/(?<type>[^/]+)/(?<name>[^/]+)\\.json");
    private static final Pattern BLOB =
            Pattern.compile("tenants/(?<tenant>[^/]+)/(?<kind>blueprints|plugins|deployments)(?:_archives)?/"
                    + "(?<id>[^/]+?)(?<suffix>\\.tar\\.gz|\\.zip|\\.wgn|\\.b64zip|\\.tgz|\\.tar\\.bz2|\\.tar)");
    private static final Pattern USER_INTERFACE = Pattern.compile("(?:composer|stage)/.+");
    private static final Pattern IN_TENANT = Pattern.compile("tenants/(?<tenant>[^/]+)/.*");

    /** Directories whose file names are source ids, in the layout with directories. */
    private static final Set<EntityType> NAMED_BY_SOURCE =
            Set.of(EntityType.NODES, EntityType.NODE_INSTANCES, EntityType.AGENTS, EntityType.TASKS_GRAPHS);

    private static final Map<String, String> EVENT_DIRECTORIES =
            Map.of("executions_events", Entity.OF_EXECUTIONS, "execution_groups_events", Entity.OF_EXECUTION_GROUPS);

    private final SafeZip zip;
    private final ArchiveLayout layout;
    private final String snapshotVersion;
    private final @Nullable String executionId;
    private final Names names;
    private @Nullable Documents scanned;

    private CloudifyArchive(
            SafeZip zip, ArchiveLayout layout, String snapshotVersion, @Nullable String executionId, Names names) {
        this.zip = zip;
        this.layout = layout;
        this.snapshotVersion = snapshotVersion;
        this.executionId = executionId;
        this.names = names;
    }

    /**
     * Opens an archive: looks at its metadata and the names of its files. Its documents are read through once before the first
     * entity is given, so that damage shows before anything is restored.
     *
     * @throws ManagerException INVALID_ARCHIVE if it is damaged, unsafe, or of a layout that cannot be read here
     */
    public static CloudifyArchive open(Path file) {
        return open(SafeZip.open(file));
    }

    /** As {@link #open(Path)}; the zip belongs to the archive then, and is closed with it, or at once if this fails. */
    public static CloudifyArchive open(SafeZip zip) {
        try {
            ArchiveLayout layout = ArchiveInspector.layout(zip);
            ObjectNode metadata = metadata(zip);
            String version = metadata.path("snapshot_version").asText();
            if (!isReadable(layout)) {
                throw refused(layout, version);
            }
            JsonNode execution = metadata.get("execution_id");
            return new CloudifyArchive(
                    zip,
                    layout,
                    version,
                    execution != null && execution.isTextual() ? execution.textValue() : null,
                    Names.of(layout, zip));
        } catch (RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    /** Whether entities can be read here from an archive of {@code layout}. */
    public static boolean isReadable(ArchiveLayout layout) {
        return layout == ArchiveLayout.CLOUDIFY_N1 || layout == ArchiveLayout.CLOUDIFY_N0;
    }

    public ArchiveLayout layout() {
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
        return Collections.unmodifiableSet(names.tenants);
    }

    /** Items of a type in all parts, before the merge of repeated dumps. */
    public long items(EntityType type) {
        return documents(type).mapToLong(Document::items).sum();
    }

    /** Bytes of the documents that hold a type, uncompressed. */
    public long bytes(EntityType type) {
        return documents(type).mapToLong(document -> document.blob().bytes()).sum();
    }

    /** Bytes of everything, uncompressed. */
    public long bytes() {
        return zip.rawBytes();
    }

    /** What was found and not understood. */
    public List<UnreadPart> unread() {
        List<UnreadPart> all = new ArrayList<>(names.unread);
        all.addAll(documents().unread);
        return all;
    }

    /**
     * Reads the entities of a type in one part of the archive, each once, in its last version; events as often as they happened.
     *
     * @param tenant null for management types
     * @throws ManagerException INVALID_ARCHIVE if a document is damaged
     */
    public <X extends Exception> void read(@Nullable String tenant, EntityType type, EntityVisitor<X> visitor)
            throws X {
        Map<Group, List<Document>> groups = documents()
                .groups
                .getOrDefault(tenant == null ? "" : tenant, Map.of())
                .getOrDefault(type, Map.of());
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
        for (String tenant : names.tenants) {
            for (EntityType type : EntityType.values()) {
                if (!type.management()) {
                    read(tenant, type, visitor);
                }
            }
        }
    }

    /** The archive of a blueprint, as it was uploaded, from a tenant's part. */
    public Optional<Blob> blueprintArchive(String tenant, String id) {
        return Optional.ofNullable(names.uploads.get(upload("blueprints", tenant, id)));
    }

    /** The archive of a plugin (wagon and yaml files) from a tenant's part. */
    public Optional<Blob> pluginArchive(String tenant, String id) {
        return Optional.ofNullable(names.uploads.get(upload("plugins", tenant, id)));
    }

    /**
     * The zip of a deployment's work directory, decoded while it is read. Reading fails with {@link NotBase64Exception} where the
     * archive holds something else.
     */
    public Optional<Blob> workDirectory(String tenant, String id) {
        Blob encoded = names.uploads.get(upload("deployments", tenant, id));
        if (encoded == null) {
            return Optional.empty();
        }
        return Optional.of(
                new Blob(encoded.path(), encoded.bytes() / 4 * 3, () -> Base64Text.decoding(encoded.open())));
    }

    /**
     * An uploaded file: of which kind, whose.
     *
     * @param type {@link EntityType#BLUEPRINTS}, {@link EntityType#PLUGINS} or {@link EntityType#DEPLOYMENTS}
     */
    public record Upload(EntityType type, String tenant, String id, String path) {}

    /** All uploaded files, also those of entities that the archive does not carry. */
    public List<Upload> uploads() {
        List<Upload> all = new ArrayList<>();
        names.uploads.forEach((key, blob) -> {
            String[] parts = key.split("/", 3);
            EntityType.of(parts[0]).ifPresent(type -> all.add(new Upload(type, parts[1], parts[2], blob.path())));
        });
        return all;
    }

    /** Files of the user interfaces (composer and stage), by path. */
    public List<Blob> userInterfaceFiles() {
        return Collections.unmodifiableList(names.userInterface);
    }

    @Override
    public void close() {
        zip.close();
    }

    private static ObjectNode metadata(SafeZip zip) {
        try {
            if (Json.MAPPER.readTree(zip.read(METADATA)) instanceof ObjectNode metadata) {
                return metadata;
            }
        } catch (IOException e) {
            throw new ManagerException(ErrorCode.INVALID_ARCHIVE, METADATA + " is not readable JSON", CHECK, e);
        }
        throw new ManagerException(ErrorCode.INVALID_ARCHIVE, METADATA + " is not a JSON object", CHECK);
    }

    private static ManagerException refused(ArchiveLayout layout, String version) {
        if (layout != ArchiveLayout.CLOUDIFY_3 && layout != ArchiveLayout.CLOUDIFY_LEGACY) {
            return new ManagerException(
                    ErrorCode.INVALID_ARCHIVE,
                    "the archive is not a snapshot of Cloudify: layout " + layout.title(),
                    CHECK);
        }
        return new ManagerException(
                ErrorCode.INVALID_ARCHIVE,
                "the archive is a snapshot of Cloudify " + version + " in the layout \"" + layout.title()
                        + "\", which cannot be restored here; expected one of Cloudify 7 with JSON files",
                layout == ArchiveLayout.CLOUDIFY_3
                        ? "restore it on a Cloudify 4 manager, upgrade that step by step to 7.1, then take a snapshot there"
                        : "restore it on a Cloudify 7.1 manager, then take a snapshot there without the option legacy");
    }

    private static String upload(String kind, String tenant, String id) {
        return kind + "/" + tenant + "/" + id;
    }

    private Documents documents() {
        if (scanned == null) {
            scanned = Documents.scan(layout, names.documents);
        }
        return scanned;
    }

    private Stream<Document> documents(EntityType type) {
        return documents().groups.values().stream()
                .flatMap(types -> types.getOrDefault(type, Map.of()).values().stream())
                .flatMap(Collection::stream);
    }

    /** What the files' names tell. */
    private static final class Names {
        private final Set<String> tenants = new TreeSet<>();
        private final List<Blob> documents = new ArrayList<>();
        private final Map<String, Blob> uploads = new TreeMap<>();
        private final List<Blob> userInterface = new ArrayList<>();
        private final List<UnreadPart> unread = new ArrayList<>();

        static Names of(ArchiveLayout layout, SafeZip zip) {
            Names names = new Names();
            Pattern documents = layout == ArchiveLayout.CLOUDIFY_N1 ? NUMBERED : BY_TYPE;
            zip.directories().forEach(names::addTenant);
            new TreeSet<>(zip.names())
                    .forEach(name -> names.add(documents, new Blob(name, zip.bytes(name), () -> zip.open(name))));
            return names;
        }

        private void addTenant(String path) {
            Matcher inTenant = IN_TENANT.matcher(path);
            if (inTenant.matches()) {
                tenants.add(inTenant.group("tenant"));
            }
        }

        private void add(Pattern document, Blob file) {
            addTenant(file.path());
            Matcher upload = BLOB.matcher(file.path());
            if (upload.matches()) {
                Blob before = uploads.putIfAbsent(
                        upload(upload.group("kind"), upload.group("tenant"), upload.group("id")), file);
                if (before != null) {
                    unread.add(new UnreadPart(file.path(), before.path() + " is taken for the same upload"));
                }
            } else if (document.matcher(file.path()).matches()) {
                documents.add(file);
            } else if (USER_INTERFACE.matcher(file.path()).matches()) {
                userInterface.add(file);
            } else if (!file.path().equals(METADATA)) {
                unread.add(new UnreadPart(file.path(), "no Cloudify version is known to write such a file"));
            }
        }
    }

    /** What documents belong to together: dumps of the same. */
    private record Group(@Nullable String source, @Nullable String sourceId) {}

    /** What the documents' headers tell. */
    private static final class Documents {
        /** By tenant ("" for the management part), type, then source and source id; documents in order. */
        private final Map<String, Map<EntityType, Map<Group, List<Document>>>> groups = new TreeMap<>();

        /** There may be a document for each execution: what they have in common is kept once. */
        private final Map<String, String> once = new HashMap<>();

        private final List<UnreadPart> unread = new ArrayList<>();

        static Documents scan(ArchiveLayout layout, List<Blob> files) {
            List<Document> found = new ArrayList<>();
            Documents documents = new Documents();
            for (Blob file : files) {
                found.add(documents.shared(layout == ArchiveLayout.CLOUDIFY_N1 ? numbered(file) : inDirectory(file)));
            }
            found.sort(Comparator.comparingInt(Document::number)
                    .thenComparing(document -> document.blob().path()));
            found.forEach(documents::add);
            return documents;
        }

        private Document shared(Document document) {
            return new Document(
                    document.blob(),
                    once(document.tenant()),
                    document.number(),
                    Objects.requireNonNull(once(document.type())),
                    once(document.source()),
                    document.sourceId(),
                    once(document.latestTimestamp()),
                    document.items(),
                    document.checksum());
        }

        private @Nullable String once(@Nullable String text) {
            return text == null ? null : once.computeIfAbsent(text, same -> same);
        }

        private static Document numbered(Blob file) {
            Matcher path = matched(NUMBERED, file);
            return Document.scan(file, path.group("tenant"), Integer.parseInt(path.group("number")));
        }

        private static Document inDirectory(Blob file) {
            Matcher path = matched(BY_TYPE, file);
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

        private static Matcher matched(Pattern pattern, Blob file) {
            Matcher path = pattern.matcher(file.path());
            if (!path.matches()) {
                throw new IllegalStateException("not a document's path: " + file.path());
            }
            return path;
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
            groups.computeIfAbsent(
                            document.tenant() == null ? "" : document.tenant(), part -> new EnumMap<>(EntityType.class))
                    .computeIfAbsent(type.get(), any -> new LinkedHashMap<>())
                    .computeIfAbsent(new Group(document.source(), document.sourceId()), any -> new ArrayList<>(1))
                    .add(document);
        }
    }
}
