package io.holdfast.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/**
 * Migrations of one folder of the class path, named by its {@code migrations.index} (one file name a line). An index, because
 * scanning the class path does not work in every class loader that the services run in.
 */
public final class ClasspathMigrations implements ResourceProvider {

    private final ClassLoader loader;
    private final List<String> paths;

    /**
     * @param folders folders of the class path without slashes at the ends, for example {@code db/state}
     * @throws IllegalArgumentException if one has no index
     */
    public ClasspathMigrations(ClassLoader loader, String... folders) {
        this.loader = loader;
        List<String> found = new ArrayList<>();
        for (String folder : folders) {
            read(loader, folder + "/migrations.index")
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .forEach(line -> found.add(folder + "/" + line));
        }
        this.paths = List.copyOf(found);
    }

    @Override
    public @Nullable LoadableResource getResource(String name) {
        return paths.contains(name) ? new Migration(loader, name) : null;
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
        List<LoadableResource> matching = new ArrayList<>();
        for (String path : paths) {
            String fileName = path.substring(path.lastIndexOf('/') + 1);
            if (fileName.startsWith(prefix) && List.of(suffixes).stream().anyMatch(fileName::endsWith)) {
                matching.add(new Migration(loader, path));
            }
        }
        return matching;
    }

    private static String read(ClassLoader loader, String path) {
        try (InputStream in = loader.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("not on the class path: " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private static final class Migration extends LoadableResource {
        private final ClassLoader loader;
        private final String path;

        Migration(ClassLoader loader, String path) {
            this.loader = loader;
            this.path = path;
        }

        @Override
        public Reader read() {
            return new StringReader(ClasspathMigrations.read(loader, path));
        }

        @Override
        public String getAbsolutePath() {
            return path;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return path;
        }

        @Override
        public String getFilename() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        @Override
        public String getRelativePath() {
            return path;
        }
    }
}
