package io.holdfast.testsupport.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A directory with a disk of its own that can be filled up. It is memory: an image on a loop device costs twenty times as much for each
 * commit as the disk it is on. Unmounted by {@link #close}.
 */
public final class SmallDisk implements AutoCloseable {

    private final Path directory;
    private final Path filler;
    private final Thread onExit = new Thread(this::unmountAtExit, "small-disk-unmount");

    private SmallDisk(Path directory) {
        this.directory = directory;
        this.filler = directory.resolve("filler");
    }

    /** Mounts one on an empty directory. @param megabytes its size */
    public static SmallDisk mount(Path directory, int megabytes) throws IOException, InterruptedException {
        SmallDisk disk = new SmallDisk(directory);
        Files.createDirectories(directory);
        Commands.run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", directory.toString());
        Runtime.getRuntime().addShutdownHook(disk.onExit);
        return disk;
    }

    /** Until nothing more can be written. */
    public void fill() throws IOException, InterruptedException {
        // at once if the file system can; the rest, and all of it elsewhere, by writing
        Commands.works("fallocate", "-l", Long.toString(directory.toFile().getUsableSpace()), filler.toString());
        byte[] block = new byte[1 << 20];
        for (int size = block.length; size >= 512; size /= 2) {
            fill(block, size);
        }
    }

    private void fill(byte[] block, int size) throws IOException {
        try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (directory.toFile().getUsableSpace() > 0) {
                out.write(block, 0, size);
            }
        } catch (IOException e) {
            if (directory.toFile().getUsableSpace() > size) {
                throw e;
            }
        }
    }

    public void free() throws IOException {
        Files.deleteIfExists(filler);
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            return; // the JVM is ending, and the hook does it
        }
        unmount();
    }

    private void unmountAtExit() {
        try {
            unmount();
        } catch (IOException e) {
            System.getLogger(SmallDisk.class.getName())
                    .log(System.Logger.Level.WARNING, directory + " stays mounted", e);
        }
    }

    private void unmount() throws IOException {
        try {
            // lazily: a process that was killed just now may hold a file for a moment longer
            Commands.run("umount", "-l", directory.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before " + directory + " was unmounted", e);
        }
    }
}
