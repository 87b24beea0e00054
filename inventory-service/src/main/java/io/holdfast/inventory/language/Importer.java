package io.holdfast.inventory.language;

import io.holdfast.contracts.language.PythonText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a main file and all that it imports. For one blueprint. */
final class Importer {

    private static final int NONE = Integer.MAX_VALUE;

    private static final String BLUEPRINT = "blueprint:";

    /** More files than any honest blueprint has. */
    static final int MAX_IMPORTS = 500;

    /** Imports of plugins, and the files that they bring, begin with it. */
    static final String PLUGIN = "plugin:";

    /** The types that ship with the manager; the same for every version of the language. */
    private static final String STANDARD_TYPES = "cloudify/types/types.yaml";

    private static final String ROOT_TYPE = "cloudify.nodes.Root";

    private static final Pattern STANDARD_TYPES_URL =
            Pattern.compile("https?://(www\\.)?(getcloudify\\.org|cloudify\\.co)/spec/cloudify/[^/]+/types\\.yaml");

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*");

    private static final Pattern VERSION_OPERATOR = Pattern.compile(Library.VERSION_OPERATORS);

    /** A file that is being read. @param namespaced whether a namespace stands before its import */
    private record Open(String identity, boolean namespaced) {}

    private final YamlReader reader;
    private final Library library;
    private final List<BlueprintFiles> files = new ArrayList<>();
    private final Deque<Open> chain = new ArrayDeque<>();
    private final Map<String, Sections> read = new LinkedHashMap<>();
    private int imports;

    /** Place in the chain of the outermost file that was imported again by one of its own imports, since it was last asked for. */
    private int reopened = NONE;

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
        Sections sections = sections(new Source("", archive, mainFile, false), root, version, false);
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
                    "tosca_definitions_version field must appear in the main blueprint file",
                    "tosca_definitions_version: " + Texts.oneOf(LanguageVersion.wireNames(), ""));
        }
        return version(node);
    }

    private static LanguageVersion version(YamlNode node) {
        String text = Shape.text(node, "tosca_definitions_version");
        return LanguageVersion.of(text)
                .orElseThrow(() -> new InvalidBlueprint(
                        node.mark(),
                        "Unexpected tosca_definitions_version " + text + "; Currently supported versions are: "
                                + PythonText.repr(LanguageVersion.wireNames()),
                        "one of these" + Texts.near(LanguageVersion.wireNames(), text)));
    }

    private Sections sections(Source source, YamlNode.Mapping root, LanguageVersion version, boolean namespaced) {
        if (!files.contains(source.archive())) {
            files.add(source.archive());
        }
        if (!source.shipped()) {
            checkVersions(source, root, version);
        }
        Sections sections = new Sections();
        boolean main = chain.isEmpty();
        sections.addAll(root, source.shipped() || !main && isBasicTypes(root));
        chain.addLast(new Open(source.identity(), namespaced));
        Set<String> seen = new HashSet<>();
        for (YamlNode item : imports(root)) {
            String text = text(item);
            if (!seen.add(text) && main) {
                throw new InvalidBlueprint(item.mark(), "Duplicate imports", "each import once: " + text);
            }
            Sections imported = imported(source, text, item, version);
            imported.namespaces().forEach((namespace, id) -> {
                if (!sections.namespaces().getOrDefault(namespace, id).equals(id)) {
                    throw new InvalidBlueprint(
                            item.mark(),
                            // Without a blank, as clients know it.
                            "Import failed " + namespace + ": can not use the samenamespace for importing blueprints",
                            "a namespace of its own for '" + id + "'");
                }
            });
            sections.merge(imported, version);
        }
        chain.removeLast();
        return sections;
    }

    private static List<YamlNode> imports(YamlNode.Mapping root) {
        YamlNode node = root.given(Sections.IMPORTS);
        if (node == null || node instanceof YamlNode.Sequence) {
            return Shape.list(node, "'imports'");
        }
        throw new InvalidBlueprint(
                node.mark(), "Expected 'list' type but found '" + Shape.typeName(node) + "' type", "a list of imports");
    }

    /** What an item of the imports names. */
    private static String text(YamlNode item) {
        if (item instanceof YamlNode.Scalar scalar && scalar.value() instanceof String text) {
            return text;
        }
        if (!(item instanceof YamlNode.Mapping withProperties)) {
            throw new InvalidBlueprint(
                    item.mark(),
                    "Expected 'dict' type but found '" + Shape.typeName(item) + "' type",
                    "text, or a mapping");
        }
        if (withProperties.entries().size() != 1) {
            throw new InvalidBlueprint(
                    item.mark(),
                    "Import with properties should be a single-entry dictionary",
                    "an import, and its properties as the value");
        }
        return withProperties.entries().keySet().iterator().next();
    }

    private static void checkVersions(Source source, YamlNode.Mapping root, LanguageVersion version) {
        YamlNode own = root.given(Sections.VERSION);
        if (own != null && !version.has(version(own))) {
            throw new InvalidBlueprint(
                    own.mark(),
                    "An import uses a different tosca_definitions_version than the one defined in the main blueprint's"
                            + " file: main blueprint's file version is '" + version.wireName()
                            + "', import with different version is '" + source.identity()
                            + "', version of problematic import is '"
                            + version(own).wireName() + "'",
                    version.wireName() + " or earlier in the import, or a later version in the main file");
        }
        for (String section : List.of(Sections.DSL_DEFINITIONS, Sections.DATA_TYPES, Sections.DESCRIPTION)) {
            if (root.given(section) != null) {
                version.require(LanguageVersion.DSL_1_2, section, "", root.keyMark(section));
            }
        }
        if (root.given(Sections.POLICIES) != null) {
            version.require(LanguageVersion.DSL_1_3, Sections.POLICIES, "", root.keyMark(Sections.POLICIES));
        }
        if (root.given(Sections.RESOURCE_TAGS) != null) {
            version.require(LanguageVersion.DSL_1_4, Sections.RESOURCE_TAGS, "", root.keyMark(Sections.RESOURCE_TAGS));
        }
        YamlNode anchors = root.given(Sections.DSL_DEFINITIONS);
        if (anchors instanceof YamlNode.Scalar) {
            throw new InvalidBlueprint(
                    anchors.mark(),
                    "Expected '['dict', 'list']' type but found '" + Shape.typeName(anchors) + "' type",
                    "a mapping or a list as 'dsl_definitions', not " + anchors.described());
        }
    }

    /** @param item where the import stands, with its properties if it has some */
    private Sections imported(Source source, String text, YamlNode item, LanguageVersion version) {
        Mark mark = item.mark();
        if (item instanceof YamlNode.Mapping withProperties) {
            PluginProperties.check(withProperties.get(text), withProperties.keyMark(text), version);
        }
        if (++imports > MAX_IMPORTS) {
            throw new InvalidBlueprint(mark, "too many imports", "at most " + MAX_IMPORTS);
        }
        String namespace = namespace(text, mark);
        boolean hasNamespace = !namespace.isEmpty();
        String name = text.startsWith(namespace + Namespace.DELIMITER)
                ? text.substring(namespace.length() + Namespace.DELIMITER.length())
                : text;
        if (hasNamespace && isStandardTypes(name)) {
            throw basicTypes(namespace, mark);
        }
        Sections sections = sections(source, name, mark, version, hasNamespace);
        if (item instanceof YamlNode.Mapping withProperties
                && withProperties.given(text) instanceof YamlNode.Mapping properties) {
            sections = PluginProperties.give(properties, sections);
        }
        if (!hasNamespace) {
            return sections;
        }
        Definition root = sections.of(Sections.NODE_TYPES).get(ROOT_TYPE);
        if (root != null && root.mark().file().equals(sections.file())) {
            throw basicTypes(namespace, mark);
        }
        Sections renamed = Namespace.apply(namespace, sections, script -> Implementations.isFile(script, files));
        if (name.startsWith(BLUEPRINT)) {
            renamed.namespaces().put(namespace, name.substring(BLUEPRINT.length()));
        }
        return renamed;
    }

    /** What stands before an import and its last delimiter: any characters, but no delimiter. Empty: nothing. Source: the existing product. */
    private static String namespace(String text, Mark mark) {
        int end = text.lastIndexOf(Namespace.DELIMITER);
        boolean url = SCHEME.matcher(text).matches()
                && !text.substring(0, text.indexOf("://")).contains(Namespace.DELIMITER);
        boolean whole = url || text.startsWith(PLUGIN) || text.startsWith(BLUEPRINT);
        if (end < 1 || whole) {
            return "";
        }
        String namespace = text.substring(0, end);
        if (namespace.contains(Namespace.DELIMITER)) {
            throw new InvalidBlueprint(
                    mark,
                    // Without a blank, as clients know it.
                    "Invalid " + namespace + ": import's namespace cannotcontain namespace delimiter",
                    "one namespace, without " + Namespace.DELIMITER);
        }
        return namespace;
    }

    private static InvalidBlueprint basicTypes(String namespace, Mark mark) {
        return new InvalidBlueprint(
                mark,
                "Invalid import namespace " + namespace + ": cannot be used on Cloudify basic types.",
                "the import without a namespace");
    }

    /** Whether a file has standard types of its own, such as a copy of those of another manager. Source: the existing product. */
    private static boolean isBasicTypes(YamlNode.Mapping root) {
        return root.given(Sections.NODE_TYPES) instanceof YamlNode.Mapping types && types.get(ROOT_TYPE) != null;
    }

    private static boolean isStandardTypes(String name) {
        return name.equals(STANDARD_TYPES) || STANDARD_TYPES_URL.matcher(name).matches();
    }

    private Sections sections(Source source, String name, Mark mark, LanguageVersion version, boolean namespaced) {
        Source found;
        byte[] text;
        if (isStandardTypes(name)) {
            found = new Source("standard:", source.archive(), STANDARD_TYPES, true);
            text = shippedTypes();
        } else if (name.startsWith(PLUGIN)) {
            Library.PluginFile plugin = plugin(name.substring(PLUGIN.length()), mark, version);
            found = new Source(PLUGIN, source.archive(), plugin.name(), false);
            text = plugin.yaml();
        } else if (name.startsWith(BLUEPRINT)) {
            String id = name.substring(BLUEPRINT.length()).strip();
            if (!namespaced && chain.stream().noneMatch(Open::namespaced)) {
                throw new InvalidBlueprint(
                        mark,
                        // Without a blank, as clients know it.
                        "Invalid " + name + ": blueprint import cannotbe used without namespace",
                        "NAMESPACE--" + name);
            }
            Library.OtherBlueprint other = library.blueprint(id)
                    .orElseThrow(() -> new InvalidBlueprint(
                            mark,
                            "Requested blueprint import `" + id
                                    + "` was not found,please first upload the blueprint with that id.",
                            "an uploaded blueprint that you may see"));
            found = new Source(BLUEPRINT + id + "/", other.files(), other.mainFile(), false);
            text = other.files()
                    .read(other.mainFile())
                    .orElseThrow(() -> new InvalidBlueprint(
                            mark, "the archive of the blueprint '" + id + "' lacks " + other.mainFile(), "that file"));
            Sections sections = once(found, text, mark, version, namespaced);
            if (!sections.importedBlueprints().contains(id)) {
                sections.importedBlueprints().add(id);
            }
            return sections;
        } else if (SCHEME.matcher(name).matches()) {
            throw new InvalidBlueprint(
                    mark,
                    "Import failed: Unable to open import url " + Texts.shortened(name) + "; the manager fetches none",
                    "a file of the archive, cloudify/types/types.yaml, plugin:NAME or blueprint:ID");
        } else {
            String path = source.candidates(name).stream()
                    .filter(source.archive()::contains)
                    .findFirst()
                    .orElseThrow(() -> new InvalidBlueprint(
                            mark,
                            "Import failed: Unable to open import url resource:" + Texts.shortened(name)
                                    + "; it is not in the archive",
                            "a path beside the importing file or from the archive's top"));
            found = new Source(source.origin(), source.archive(), path, false);
            text = source.archive().read(path).orElseThrow();
        }
        return once(found, text, mark, version, namespaced);
    }

    /** A file that two others import is read once. Of one that is being read nothing more is to be had: its own definitions count anyhow. */
    private Sections once(Source source, byte[] text, Mark mark, LanguageVersion version, boolean namespaced) {
        if (isOpen(source, mark, namespaced)) {
            return new Sections();
        }
        Sections known = read.get(source.identity());
        if (known != null) {
            return known;
        }
        int before = reopened;
        reopened = NONE;
        known = sections(source, root(source.identity(), text), version, namespaced);
        if (reopened < chain.size()) {
            // What is above this file is not in it; who imports it from elsewhere must read it again.
            reopened = Math.min(before, reopened);
        } else {
            read.put(source.identity(), known);
            reopened = before;
        }
        return known;
    }

    private boolean isOpen(Source source, Mark mark, boolean namespaced) {
        boolean apart = namespaced;
        int place = chain.size();
        for (Iterator<Open> inner = chain.descendingIterator(); inner.hasNext(); ) {
            Open open = inner.next();
            place--;
            if (open.identity().equals(source.identity())) {
                if (apart) {
                    throw new InvalidBlueprint(
                            mark,
                            "the imports go in a circle, with a namespace more each time: "
                                    + chain.stream().map(Open::identity).collect(Collectors.joining(" -> ")) + " -> "
                                    + source.identity(),
                            "no namespace within a circle of imports");
                }
                reopened = Math.min(reopened, place);
                return true;
            }
            apart |= open.namespaced();
        }
        return false;
    }

    private Library.PluginFile plugin(String specification, Mark mark, LanguageVersion language) {
        int question = specification.indexOf('?');
        String packageName = question < 0 ? specification : specification.substring(0, question);
        Map<String, String> query = new LinkedHashMap<>();
        if (question >= 0) {
            for (String pair : specification.substring(question + 1).split("&")) {
                int equals = pair.indexOf('=');
                if (equals < 1 || !Set.of("version", "distribution").contains(pair.substring(0, equals))) {
                    throw new InvalidBlueprint(
                            mark,
                            "Error parsing spec for plugin " + packageName + ": invalid parameter "
                                    + Texts.shortened(equals < 1 ? pair : pair.substring(0, equals)),
                            "version=… or distribution=…");
                }
                query.put(pair.substring(0, equals), decoded(pair.substring(equals + 1)));
            }
        }
        String version = query.get("version");
        try {
            return library.plugin(packageName, query, language.wireName())
                    .orElseThrow(() -> new InvalidBlueprint(
                            mark,
                            "Couldn't find plugin \"" + packageName + "\""
                                    + (version == null ? "" : " with version " + specifiers(version))
                                    + " in the plugins catalog. Please upload the plugin using the console, or cfy plugins"
                                    + " upload",
                            "an uploaded plugin with a plugin.yaml; `plugins` lists them"));
        } catch (Library.WrongVersion e) {
            throw new InvalidBlueprint(
                    mark,
                    "Specified version param ['" + version + "'] of the plugin " + packageName
                            + " are in an invalid form. Please refer to the documentation for valid forms of versions",
                    e.expected(),
                    e);
        }
    }

    /** As the query of a URL, where it is written as one. */
    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    /** Conditions of a version as the existing API writes them. */
    private static String specifiers(String version) {
        return Stream.of(version.split(","))
                .map(String::strip)
                .map(part -> VERSION_OPERATOR.matcher(part).lookingAt() ? part : "===" + part)
                .distinct()
                .sorted()
                .collect(Collectors.joining(","));
    }

    private static byte[] shippedTypes() {
        try (@Nullable InputStream in = Importer.class.getResourceAsStream("types.yaml")) {
            return Objects.requireNonNull(in, "types.yaml").readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the shipped types", e);
        }
    }
}
