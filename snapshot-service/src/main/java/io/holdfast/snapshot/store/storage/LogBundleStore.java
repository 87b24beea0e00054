package io.holdfast.snapshot.store.storage;

import io.holdfast.snapshot.store.ArchiveStore;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** A store of the same kind in a directory of its own: what looks for snapshots' archives must not find log bundles. */
@ApplicationScoped
class LogBundleStore {

    private final DirectoryArchiveStore store;

    LogBundleStore(
            @ConfigProperty(name = "holdfast.snapshot.bundles.directory") Optional<Path> directory,
            @ConfigProperty(name = "holdfast.data") Optional<Path> data) {
        this.store = new DirectoryArchiveStore(
                directory
                        .or(() -> data.map(path -> path.resolve("log-bundles")))
                        .orElseThrow(
                                () -> new IllegalArgumentException(
                                        "set holdfast.data (HOLDFAST_DATA) or holdfast.snapshot.bundles.directory: log bundles need a place")));
    }

    void open(@Observes StartupEvent start) {
        try {
            store.open();
        } catch (IOException e) {
            throw new UncheckedIOException("the store of log bundles cannot be used", e);
        }
    }

    void close(@Observes ShutdownEvent stop) throws IOException {
        store.close(stop);
    }

    @Produces
    @Singleton
    @Identifier("log-bundles")
    ArchiveStore store() {
        return store;
    }
}
