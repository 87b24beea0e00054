package io.holdfast.inventory.plugins.storage;

import io.holdfast.archive.BoundedTar;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.content.app.TemporaryFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Several plugins in one tar or tar.gz: one directory, whose file METADATA maps each wagon to its yaml file. */
final class Caravan {

    private static final String METADATA = "METADATA";
    private static final int LARGEST_METADATA_BYTES = 1 << 20;

    /** Hundreds of times what caravans hold; what is unpacked lies on the disk. */
    private static final long MOST_BYTES = 8L << 30;

    private Caravan() {}

    /**
     * Each plugin as a zip of its wagon and its yaml file, for the caller to close; empty where the archive is no caravan.
     *
     * @throws ManagerException {@code invalid_plugin_error} for a caravan that lacks what its METADATA names
     */
    static List<TemporaryFile> unpack(Path archive) throws IOException {
        Map<String, String> yamlByWagon = metadata(archive);
        if (yamlByWagon.isEmpty()) {
            return List.of();
        }
        Map<String, TemporaryFile> files = new HashMap<>();
        List<TemporaryFile> plugins = new ArrayList<>();
        try {
            extract(archive, yamlByWagon, files);
            for (Map.Entry<String, String> plugin : yamlByWagon.entrySet()) {
                TemporaryFile zip = TemporaryFile.of("plugin");
                plugins.add(zip);
                try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip.path()))) {
                    add(out, plugin.getKey(), files);
                    add(out, plugin.getValue(), files);
                }
            }
            return plugins;
        } catch (IOException | RuntimeException e) {
            plugins.forEach(TemporaryFile::close);
            throw e;
        } finally {
            files.values().forEach(TemporaryFile::close);
        }
    }

    private static void add(ZipOutputStream out, String path, Map<String, TemporaryFile> files) throws IOException {
        TemporaryFile file = files.get(path);
        if (file == null) {
            throw invalid("the caravan has no file " + path + ", which its METADATA names");
        }
        out.putNextEntry(new ZipEntry(path.substring(path.lastIndexOf('/') + 1)));
        Files.copy(file.path(), out);
        out.closeEntry();
    }

    private static void extract(Path archive, Map<String, String> yamlByWagon, Map<String, TemporaryFile> files)
            throws IOException {
        long left = MOST_BYTES;
        try (TarArchiveInputStream tar = open(archive)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String path = inTop(entry.getName());
                if (entry.isFile()
                        && !files.containsKey(path)
                        && (yamlByWagon.containsKey(path) || yamlByWagon.containsValue(path))) {
                    left -= entry.getSize();
                    if (left < 0) {
                        throw invalid("the caravan's plugins have more than " + MOST_BYTES + " bytes");
                    }
                    TemporaryFile file = TemporaryFile.of("plugin");
                    files.put(path, file);
                    try (OutputStream out = Files.newOutputStream(file.path())) {
                        tar.transferTo(out);
                    }
                }
            }
        }
    }

    /** Yaml files by their wagons; none where it is no caravan. */
    private static Map<String, String> metadata(Path archive) throws IOException {
        try (TarArchiveInputStream tar = open(archive)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile() && inTop(entry.getName()).equals(METADATA)) {
                    return parse(tar.readNBytes(LARGEST_METADATA_BYTES));
                }
            }
            return Map.of();
        } catch (IOException | IllegalArgumentException e) {
            return Map.of(); // No tar, or a broken one: whoever reads it as another archive says so.
        }
    }

    private static Map<String, String> parse(byte[] text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LARGEST_METADATA_BYTES);
        try {
            Object loaded = new Yaml(new SafeConstructor(options)).load(new String(text, StandardCharsets.UTF_8));
            Map<String, String> yamlByWagon = new LinkedHashMap<>();
            if (loaded instanceof Map<?, ?> map) {
                for (Map.Entry<?, ?> line : map.entrySet()) {
                    if (!(line.getKey() instanceof String wagon) || !(line.getValue() instanceof String yaml)) {
                        throw invalid(
                                "the caravan's METADATA has something else than lines `WAGON: YAML`, both names of files");
                    }
                    yamlByWagon.put(wagon, yaml);
                }
            }
            if (yamlByWagon.isEmpty()) {
                throw invalid("the caravan's METADATA names no plugin, expected a line `WAGON: YAML` for each");
            }
            return yamlByWagon;
        } catch (YAMLException e) {
            throw invalid("the caravan's METADATA is not readable YAML");
        }
    }

    private static TarArchiveInputStream open(Path archive) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(archive));
        in.mark(2);
        byte[] start = in.readNBytes(2);
        in.reset();
        boolean gzip = start.length == 2 && start[0] == 0x1f && (start[1] & 0xff) == 0x8b;
        try {
            return BoundedTar.of(gzip ? new GzipCompressorInputStream(in) : in);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** The path below the one directory at the top; empty for what is not in one. */
    private static String inTop(String name) {
        String path = name.startsWith("./") ? name.substring(2) : name;
        int slash = path.indexOf('/');
        return slash < 0 ? "" : path.substring(slash + 1);
    }

    private static ManagerException invalid(String detail) {
        return new ManagerException(ErrorCode.INVALID_PLUGIN, detail, "make the caravan again");
    }
}
