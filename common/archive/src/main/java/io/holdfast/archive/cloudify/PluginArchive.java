package io.holdfast.archive.cloudify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.archive.BoundedTar;
import io.holdfast.archive.SafeZip;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * A plugin's archive on disk: a zip of one wagon and yaml files, or a bare wagon (a zip or tar.gz with {@code
 * PACKAGE/package.json}). What the manager lists of a plugin is read from it. Source: docs/importing-cloudify.md, "Plugins".
 */
public final class PluginArchive implements Closeable {

    private static final Pattern PACKAGE_JSON = Pattern.compile("[^/]+/package\\.json");
    private static final int LARGEST_DESCRIPTION_BYTES = 16 * 1024 * 1024;

    private final Path file;
    /** Null for a bare wagon. */
    private final @Nullable SafeZip zip;

    private final @Nullable String wagon;
    private final List<String> yamlFiles;
    private final Item packageJson;
    private final Item yaml;

    private PluginArchive(
            Path file,
            @Nullable SafeZip zip,
            @Nullable String wagon,
            List<String> yamlFiles,
            Item packageJson,
            Item yaml) {
        this.file = file;
        this.zip = zip;
        this.wagon = wagon;
        this.yamlFiles = List.copyOf(yamlFiles);
        this.packageJson = packageJson;
        this.yaml = yaml;
    }

    /** @throws ManagerException INVALID_ARCHIVE if it is none, with the reason */
    public static PluginArchive open(Path file) {
        try {
            SafeZip zip = startsAsZip(file) ? SafeZip.open(file) : null;
            try {
                return zip == null || isWagon(zip) ? bareWagon(file, zip) : withWagon(file, zip);
            } catch (IOException | RuntimeException e) {
                if (zip != null) {
                    zip.close();
                }
                throw e;
            }
        } catch (IOException e) {
            throw new ManagerException(
                    ErrorCode.INVALID_ARCHIVE, "the plugin's archive is not readable: " + e.getMessage(), null, e);
        }
    }

    /** {@code package.json} of the wagon. */
    public Item packageJson() {
        return packageJson;
    }

    /** The first yaml file by name as JSON; empty if there is none. Further ones are variants of it for other DSL versions. */
    public Item yaml() {
        return yaml;
    }

    /**
     * What a plugin's yaml declares as {@code {KEY: {values: [VALUE, …]}}}, as the manager lists it: {@code {KEY: [VALUE, …]}}.
     *
     * @param field {@code labels} or {@code blueprint_labels}
     * @return JSON; null if there are none
     * @throws ManagerException INVALID_ARCHIVE if they have another form
     */
    public static @Nullable String labels(Item yaml, String field) {
        if (yaml.json(field) == null) {
            return null;
        }
        ObjectNode labels = Json.MAPPER.createObjectNode();
        yaml.object(field).node().properties().forEach(label -> {
            if (!(label.getValue().path("values") instanceof ArrayNode values)) {
                throw new ManagerException(
                        ErrorCode.INVALID_ARCHIVE,
                        yaml.where() + " has no list of values for " + field + "." + label.getKey(),
                        "write it as " + label.getKey() + ": {values: [VALUE]}");
            }
            labels.set(label.getKey(), values);
        });
        return labels.toString();
    }

    /** Names of the yaml files, sorted. */
    public List<String> yamlFiles() {
        return yamlFiles;
    }

    /** Whether the archive is the wagon itself. */
    public boolean isBareWagon() {
        return wagon == null;
    }

    /** The wagon alone; the caller closes it. */
    public InputStream openWagon() throws IOException {
        return zip == null || wagon == null ? Files.newInputStream(file) : zip.open(wagon);
    }

    @Override
    public void close() {
        if (zip != null) {
            zip.close();
        }
    }

    private static PluginArchive bareWagon(Path file, @Nullable SafeZip zip) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Item packageJson = packageJson(in);
            return new PluginArchive(file, zip, null, List.of(), packageJson, parsedYaml("{}", ""));
        }
    }

    private static PluginArchive withWagon(Path file, SafeZip zip) throws IOException {
        List<String> wagons = new ArrayList<>();
        List<String> yamlFiles = new ArrayList<>();
        for (String name : zip.names()) {
            if (name.endsWith(".wgn")) {
                wagons.add(name);
            } else if (name.endsWith(".yaml") || name.endsWith(".yml")) {
                yamlFiles.add(name);
            }
        }
        if (wagons.size() != 1) {
            throw new ManagerException(
                    ErrorCode.INVALID_ARCHIVE,
                    "the plugin's archive holds " + wagons.size() + " wagons (.wgn files); expected one",
                    null);
        }
        yamlFiles.sort(null);
        try (InputStream in = zip.open(wagons.get(0))) {
            Item packageJson = packageJson(in);
            Item yaml = yamlFiles.isEmpty() ? parsedYaml("{}", "") : readYaml(zip, yamlFiles.get(0));
            return new PluginArchive(file, zip, wagons.get(0), yamlFiles, packageJson, yaml);
        }
    }

    private static boolean startsAsZip(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return isZip(in.readNBytes(4));
        }
    }

    private static boolean isZip(byte[] start) {
        return start.length == 4 && start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4;
    }

    private static boolean isWagon(SafeZip zip) {
        return zip.names().stream().anyMatch(name -> PACKAGE_JSON.matcher(name).matches());
    }

    private static Item packageJson(InputStream wagon) throws IOException {
        BufferedInputStream in = new BufferedInputStream(wagon);
        in.mark(4);
        byte[] start = in.readNBytes(4);
        in.reset();
        if (isZip(start)) {
            ZipInputStream zip = new ZipInputStream(in);
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (PACKAGE_JSON.matcher(entry.getName()).matches()) {
                    return parse(zip);
                }
            }
        } else if (start.length == 4 && start[0] == 0x1f && (start[1] & 0xff) == 0x8b) {
            BoundedTar tar = BoundedTar.of(in, "tar.gz");
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (PACKAGE_JSON
                        .matcher(entry.getName().replaceFirst("^\\./", ""))
                        .matches()) {
                    return parse(tar);
                }
            }
        } else {
            throw new ZipException("expected a wagon (a zip or tar.gz), or a zip with one");
        }
        throw new ZipException("the wagon has no package.json");
    }

    private static Item parse(InputStream in) throws IOException {
        byte[] bytes = limited(in, "package.json");
        try {
            JsonNode node = Json.MAPPER.readTree(bytes);
            if (node instanceof ObjectNode object) {
                return new Item(object, "package.json");
            }
        } catch (JsonProcessingException e) {
            throw new ZipException("the wagon's package.json is not readable JSON");
        }
        throw new ZipException("the wagon's package.json is not an object");
    }

    private static Item readYaml(SafeZip zip, String name) throws IOException {
        try (InputStream in = zip.open(name)) {
            return parsedYaml(new String(limited(in, name), StandardCharsets.UTF_8), name);
        }
    }

    private static Item parsedYaml(String text, String name) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LARGEST_DESCRIPTION_BYTES);
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        try {
            Object loaded = new Yaml(new SafeConstructor(options)).load(text);
            WrittenOut.requireBounded(loaded, name);
            JsonNode node = Json.MAPPER.valueToTree(loaded instanceof Map<?, ?> ? loaded : Map.of());
            return new Item((ObjectNode) node, name);
        } catch (YAMLException | IllegalArgumentException e) {
            throw new ZipException("its " + name + " is not readable YAML");
        }
    }

    private static byte[] limited(InputStream in, String what) throws IOException {
        byte[] bytes = in.readNBytes(LARGEST_DESCRIPTION_BYTES + 1);
        if (bytes.length > LARGEST_DESCRIPTION_BYTES) {
            throw new ZipException(what + " is larger than " + LARGEST_DESCRIPTION_BYTES + " bytes");
        }
        return bytes;
    }
}
