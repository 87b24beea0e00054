package io.holdfast.inventory.plugins.storage;

import io.holdfast.archive.SafeZip;
import io.holdfast.archive.cloudify.Item;
import io.holdfast.archive.cloudify.PluginArchive;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.content.app.TemporaryFile;
import io.holdfast.inventory.plugins.PluginDescription;
import io.holdfast.inventory.plugins.app.PluginReader;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what the archives of snapshots hold, too. */
@Singleton
class WagonReader implements PluginReader {

    private static final Pattern PACKAGE_JSON = Pattern.compile("[^/]+/package\\.json");
    private static final String WAGON = ".wgn";

    @Override
    public List<TemporaryFile> caravan(Path archive) {
        try {
            return Caravan.unpack(archive);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the archive of plugins", e);
        }
    }

    @Override
    public PluginDescription read(Path archive, Path wagon) {
        requireWagonOrZip(archive);
        try (PluginArchive plugin = PluginArchive.open(archive)) {
            if (!plugin.isBareWagon()) {
                try (InputStream in = plugin.openWagon()) {
                    Files.copy(in, wagon, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            return description(plugin);
        } catch (ManagerException e) {
            throw invalid(e.detail(), "build the plugin's archive again", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the archive of a plugin", e);
        }
    }

    private static void requireWagonOrZip(Path archive) {
        byte[] start = start(archive);
        boolean zip = starts(start, 'P', 'K', 3, 4);
        if (!zip && !starts(start, 0x1f, 0x8b)) {
            throw invalid(
                    "input can be only a wagon or a zip file.", "a wagon is a zip or tar.gz that `wagon` made", null);
        }
        if (zip) {
            Set<String> names = names(archive);
            boolean wagon =
                    names.stream().anyMatch(name -> PACKAGE_JSON.matcher(name).matches());
            long wagons = names.stream().filter(name -> name.endsWith(WAGON)).count();
            long yamls = names.stream().filter(name -> name.endsWith(".yaml")).count();
            if (!wagon && (wagons != 1 || yamls == 0)) {
                throw invalid(
                        "Archive must include one wgn file and at least one yaml file",
                        "it has " + wagons + " wgn files and " + yamls + " yaml files",
                        null);
            }
        }
    }

    private static Set<String> names(Path archive) {
        try (SafeZip zip = SafeZip.open(archive)) {
            return Set.copyOf(zip.names());
        } catch (ManagerException e) {
            throw invalid(e.detail(), "build the plugin's archive again", e);
        }
    }

    private static byte[] start(Path archive) {
        try (InputStream in = Files.newInputStream(archive)) {
            return in.readNBytes(4);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the archive of a plugin", e);
        }
    }

    private static boolean starts(byte[] start, int... expected) {
        if (start.length < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((start[i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static PluginDescription description(PluginArchive plugin) {
        Item json = plugin.packageJson();
        Item built = json.object("build_server_os_properties");
        Item yaml = plugin.yaml();
        return new PluginDescription(
                required(json, "package_name"),
                required(json, "package_version"),
                required(json, "archive_name"),
                text(json.text("package_source")),
                text(built.text("distribution")),
                text(built.text("distribution_version")),
                text(built.text("distribution_release")),
                text(json.json("supported_platform")),
                text(json.json("supported_python_versions")),
                text(json.json("wheels")),
                text(json.json("excluded_wheels")),
                text(PluginArchive.labels(yaml, "blueprint_labels")),
                text(PluginArchive.labels(yaml, "labels")),
                text(yaml.json("resource_tags")),
                plugin.yamlFiles());
    }

    private static String required(Item json, String field) {
        String value = text(json.text(field));
        if (value == null || value.isBlank()) {
            throw invalid("the wagon's package.json has no " + field, "build the wagon again", null);
        }
        return value;
    }

    /** PostgreSQL takes no NUL in texts. */
    private static @Nullable String text(@Nullable String value) {
        return value == null ? null : value.replace("\\u0000", "\\ufffd").replace('\0', '\uFFFD');
    }

    private static ManagerException invalid(String detail, @Nullable String hint, @Nullable Throwable cause) {
        return new ManagerException(ErrorCode.INVALID_PLUGIN, detail, hint, cause);
    }
}
