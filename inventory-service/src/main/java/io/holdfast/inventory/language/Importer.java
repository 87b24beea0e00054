package io.holdfast.inventory.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a main file and all that it imports. For one blueprint. */
final class Importer {

    /** More files than any honest blueprint has. */
    static final int MAX_IMPORTS = 500;

    /** Imports of plugins, and the files that they bring, begin with it. */
    static final String PLUGIN = "plugin:";

    /** The types that ship with the manager; the same for every version of the language. */
    private static final String STANDARD_TYPES = "cloudify/types/types.yaml";

    private static final Pattern STANDARD_TYPES_URL =
            Pattern.compile("https?://(www\\.)?(getcloudify\\.org|cloudify\\.co)/spec/cloudify/[^/]+/types\\.yaml");

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*");

    private static final Pattern NAMESPACED = Pattern.compile("([A-Za-z0-9_.]+(?:-[A-Za-z0-9_.]+)*)--(.+)");

    private final YamlReader reader;
    private final Library library;
    private final List<BlueprintFiles> files = new ArrayList<>();
    private final Deque<String> chain = new ArrayDeque<>();
    private final Map<String, Sections> read = new LinkedHashMap<>();
    private int imports;

    Importer(YamlReader reader, Library library) {
        this.reader = reader;
        this.library = library;
    }

    /**
     * @param version of the main file
     * @param sections of all files
     * @param files of the blueprint and of those that it imports
     */
    record Result(LanguageVersion version, Mark versionMark, Sections sections, List<BlueprintFiles> files) {}

    Result read(BlueprintFiles archive, String mainFile) {
        byte[] text = archive.read(mainFile)
                .orElseThrow(() -> new InvalidBlueprint(
                        Mark.of(mainFile),
                        "the archive has no such file",
                        "the main file's name in `application_file_name`"));
        YamlNode.Mapping root = root(mainFile, text);
        LanguageVersion version = version(root);
        Sections sections = sections(new Source("", archive, mainFile, false), root, version);
        return new Result(version, root.keyMark(Sections.VERSION), sections, List.copyOf(files));
    }

    /** @param origin what tells the files of one archive from those of another */
    private record Source(String origin, BlueprintFiles archive, String path, boolean shipped) {

        String identity() {
            return origin + path;
        }

        /** The paths that an import may mean: beside this file, else from the top. */
        List<String> candidates(String name) {
            int slash = path.lastIndexOf('/');
            List<String> candidates = new ArrayList<>();
            normalized(slash < 0 ? name : path.substring(0, slash + 1) + name).ifPresent(candidates::add);
            normalized(name).ifPresent(candidates::add);
            return candidates;
        }

        private static Optional<String> normalized(String path) {
            Deque<String> parts = new ArrayDeque<>();
            for (String part : path.split("/")) {
                if (part.equals("..")) {
                    if (parts.pollLast() == null) {
                        return Optional.empty();
                    }
                } else if (!part.isEmpty() && !part.equals(".")) {
                    parts.addLast(part);
                }
            }
            return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("/", parts));
        }
    }

    private YamlNode.Mapping root(String name, byte[] text) {
        YamlNode root = reader.read(name, text);
        if (!(root instanceof YamlNode.Mapping mapping)) {
            throw new InvalidBlueprint(
                    root.mark(), "the file is " + root.described(), "a mapping with sections such as node_templates");
        }
        Shape.only(mapping, "the file", Sections.known());
        return mapping;
    }

    private static LanguageVersion version(YamlNode.Mapping root) {
        YamlNode node = root.given(Sections.VERSION);
        if (node == null) {
            throw new InvalidBlueprint(
                    root.mark(),
                    "tosca_definitions_version is missing",
                    "tosca_definitions_version: " + Texts.oneOf(LanguageVersion.wireNames(), ""));
        }
        return version(node);
    }

    private static LanguageVersion version(YamlNode node) {
        String text = Shape.text(node, "tosca_definitions_version");
        return LanguageVersion.of(text)
                .orElseThrow(() -> new InvalidBlueprint(
                        node.mark(),
                        "the version '" + text + "' is not known",
                        Texts.oneOf(LanguageVersion.wireNames(), text)));
    }

    private Sections sections(Source source, YamlNode.Mapping root, LanguageVersion version) {
        if (!files.contains(source.archive())) {
            files.add(source.archive());
        }
        checkVersions(root, version);
        Sections sections = new Sections();
        sections.addAll(root, source.shipped());
        chain.addLast(source.identity());
        for (YamlNode item : Shape.list(root.given(Sections.IMPORTS), "'imports'")) {
            sections.merge(imported(source, item, version), version);
        }
        chain.removeLast();
        return sections;
    }

    private static void checkVersions(YamlNode.Mapping root, LanguageVersion version) {
        YamlNode own = root.given(Sections.VERSION);
        if (own != null && !version.has(version(own))) {
            throw new InvalidBlueprint(
                    own.mark(),
                    "an import has the version " + version(own).wireName() + ", the main file has "
                            + version.wireName(),
                    version.wireName() + " or earlier in the import, or a later version in the main file");
        }
        for (String section : List.of(Sections.DSL_DEFINITIONS, Sections.DATA_TYPES, Sections.DESCRIPTION)) {
            if (root.given(section) != null) {
                version.require(LanguageVersion.DSL_1_2, "'" + section + "'", root.keyMark(section));
            }
        }
        if (root.given(Sections.POLICIES) != null) {
            version.require(LanguageVersion.DSL_1_3, "'policies'", root.keyMark(Sections.POLICIES));
        }
        if (root.given(Sections.RESOURCE_TAGS) != null) {
            version.require(LanguageVersion.DSL_1_4, "'resource_tags'", root.keyMark(Sections.RESOURCE_TAGS));
        }
        YamlNode anchors = root.given(Sections.DSL_DEFINITIONS);
        if (anchors instanceof YamlNode.Scalar) {
            throw new InvalidBlueprint(
                    anchors.mark(), "'dsl_definitions' is " + anchors.described(), "a mapping or a list");
        }
    }

    private Sections imported(Source source, YamlNode item, LanguageVersion version) {
        if (++imports > MAX_IMPORTS) {
            throw new InvalidBlueprint(item.mark(), "too many imports", "at most " + MAX_IMPORTS);
        }
        String text = item instanceof YamlNode.Mapping withProperties
                        && withProperties.entries().size() == 1
                ? withProperties.entries().keySet().iterator().next()
                : Shape.text(item, "an import");
        Matcher namespaced = NAMESPACED.matcher(text);
        boolean hasNamespace = namespaced.matches() && !text.startsWith(PLUGIN) && !text.startsWith("blueprint:");
        String name = hasNamespace ? namespaced.group(2) : text;
        Sections sections = sections(source, name, item.mark(), version);
        if (!hasNamespace) {
            return sections;
        }
        String namespace = namespaced.group(1);
        Sections renamed = Namespace.apply(namespace, sections);
        if (name.startsWith("blueprint:")) {
            renamed.namespaces().put(namespace, name.substring("blueprint:".length()));
        }
        return renamed;
    }

    private Sections sections(Source source, String name, Mark mark, LanguageVersion version) {
        Source found;
        byte[] text;
        if (name.equals(STANDARD_TYPES) || STANDARD_TYPES_URL.matcher(name).matches()) {
            found = new Source("standard:", source.archive(), STANDARD_TYPES, true);
            text = shippedTypes();
        } else if (name.startsWith(PLUGIN)) {
            Library.PluginFile plugin = plugin(name.substring(PLUGIN.length()), mark);
            found = new Source(PLUGIN, source.archive(), plugin.name(), false);
            text = plugin.yaml();
        } else if (name.startsWith("blueprint:")) {
            String id = name.substring("blueprint:".length());
            Library.OtherBlueprint other = library.blueprint(id)
                    .orElseThrow(() -> new InvalidBlueprint(
                            mark,
                            "the blueprint '" + id + "' is not there",
                            "an uploaded blueprint that you may see; upload it first"));
            found = new Source("blueprint:" + id + "/", other.files(), other.mainFile(), false);
            text = other.files()
                    .read(other.mainFile())
                    .orElseThrow(() -> new InvalidBlueprint(
                            mark, "the archive of the blueprint '" + id + "' lacks " + other.mainFile(), "that file"));
            Sections sections = once(found, text, mark, version);
            if (!sections.importedBlueprints().contains(id)) {
                sections.importedBlueprints().add(id);
            }
            return sections;
        } else if (SCHEME.matcher(name).matches()) {
            throw new InvalidBlueprint(
                    mark,
                    "'" + Texts.shortened(name) + "' is a URL, and the manager fetches none",
                    "a file of the archive, cloudify/types/types.yaml, plugin:NAME or blueprint:ID");
        } else {
            String path = source.candidates(name).stream()
                    .filter(source.archive()::contains)
                    .findFirst()
                    .orElseThrow(() -> new InvalidBlueprint(
                            mark,
                            "the import '" + Texts.shortened(name) + "' is not in the archive",
                            "a path beside the importing file or from the archive's top"));
            found = new Source(source.origin(), source.archive(), path, false);
            text = source.archive().read(path).orElseThrow();
        }
        return once(found, text, mark, version);
    }

    /** A file that two others import is read once. */
    private Sections once(Source source, byte[] text, Mark mark, LanguageVersion version) {
        if (chain.contains(source.identity())) {
            throw new InvalidBlueprint(
                    mark,
                    "the imports go in a circle: " + String.join(" -> ", chain) + " -> " + source.identity(),
                    "imports without circles");
        }
        Sections known = read.get(source.identity());
        if (known == null) {
            known = sections(source, root(source.identity(), text), version);
            read.put(source.identity(), known);
        }
        return known;
    }

    private Library.PluginFile plugin(String specification, Mark mark) {
        int question = specification.indexOf('?');
        String packageName = question < 0 ? specification : specification.substring(0, question);
        Map<String, String> query = new LinkedHashMap<>();
        if (question >= 0) {
            for (String pair : specification.substring(question + 1).split("&")) {
                int equals = pair.indexOf('=');
                if (equals < 1 || !Set.of("version", "distribution").contains(pair.substring(0, equals))) {
                    throw new InvalidBlueprint(
                            mark,
                            "'" + Texts.shortened(pair) + "' says nothing about a plugin",
                            "version=… or distribution=…");
                }
                query.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return library.plugin(packageName, query)
                .orElseThrow(() -> new InvalidBlueprint(
                        mark,
                        "no plugin '" + packageName + "'" + (query.isEmpty() ? "" : " with " + query)
                                + " has been uploaded",
                        "an uploaded plugin with a plugin.yaml; `plugins` lists them"));
    }

    private static byte[] shippedTypes() {
        try (@Nullable InputStream in = Importer.class.getResourceAsStream("types.yaml")) {
            return Objects.requireNonNull(in, "types.yaml").readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the shipped types", e);
        }
    }
}
