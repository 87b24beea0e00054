package io.holdfast.snapshot.store.storage;

import io.holdfast.snapshot.store.ArchiveStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A directory store for tests of other packages, opened. */
public final class StoreOfTest implements AutoCloseable {

    private final DirectoryArchiveStore store;

    private StoreOfTest(DirectoryArchiveStore store) {
        this.store = store;
    }

    public static StoreOfTest open(Path directory) throws IOException {
        DirectoryArchiveStore store = new DirectoryArchiveStore(directory);
        store.open();
        return new StoreOfTest(store);
    }

    public ArchiveStore store() {
        return store;
    }

    public Path aside(String tenantName, String snapshotId) throws IOException {
        return store.aside(tenantName, snapshotId);
    }

    public void publish(Path written, String tenantName, String snapshotId) throws IOException {
        store.publish(written, tenantName, snapshotId);
    }

    public Optional<Path> find(String tenantName, String snapshotId) {
        return store.find(tenantName, snapshotId);
    }

    @Override
    public void close() throws IOException {
        store.close(new io.quarkus.runtime.ShutdownEvent());
    }
}
