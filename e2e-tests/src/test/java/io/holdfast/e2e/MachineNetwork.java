package io.holdfast.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The network interfaces of the machine. Containers bring some and take them away, and Chromium breaks off what it loads each time
 * ({@code ERR_NETWORK_CHANGED}): tests with containers and tests with a browser wait for each other. They are in different JVMs, so it is
 * the lock of a file.
 */
final class MachineNetwork implements AutoCloseable {

    private final FileChannel channel;
    private final FileLock lock;

    private MachineNetwork(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /** Held by who changes it; waits until nobody else holds it in any way. */
    static MachineNetwork changing() {
        return hold(false);
    }

    /** Held by who needs it as it is, by any number of JVMs at once. */
    static MachineNetwork unchanged() {
        return hold(true);
    }

    private static MachineNetwork hold(boolean shared) {
        Path file = Path.of(
                System.getProperty("java.io.tmpdir"),
                "holdfast-e2e-network-" + System.getProperty("user.name") + ".lock");
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new MachineNetwork(channel, channel.lock(0, Long.MAX_VALUE, shared));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + file, e);
        }
    }

    @Override
    public void close() {
        try (channel) {
            lock.release();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot release the lock on the machine's network", e);
        }
    }
}
