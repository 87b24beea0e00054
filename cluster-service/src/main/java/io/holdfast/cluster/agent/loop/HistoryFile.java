package io.holdfast.cluster.agent.loop;

import io.holdfast.cluster.agent.AgentRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** What happened to the cluster, as this node saw it: a line for each fact, the last {@value #KEPT} at least. Thread-safe. */
public final class HistoryFile implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(HistoryFile.class);
    private static final int KEPT = 2_000;

    private final Path file;
    private final Clock clock;
    private final List<Entry> entries = new ArrayList<>();
    /** The loop tells what it does in the middle of an election, and must not wait for a busy disk. */
    private final ExecutorService writer = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "history");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param at ISO-8601, by this node's clock
     * @param what a short name such as {@code active}
     * @param detail for people; without tabs and line ends
     */
    public record Entry(String at, long epoch, String what, String detail) {}

    public HistoryFile(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
        try {
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                    String[] fields = line.split("\t", 4);
                    // the last line may be half of one after a power cut
                    if (fields.length == 4 && fields[1].matches("\\d{1,18}")) {
                        entries.add(new Entry(fields[0], Long.parseLong(fields[1]), fields[2], fields[3]));
                    }
                }
            }
        } catch (IOException e) {
            throw new AgentRefused("cannot read the cluster's history " + file + ": " + e, e);
        }
    }

    /** Kept at once, written soon. */
    public synchronized void add(long epoch, String what, String detail) {
        Entry entry = new Entry(clock.instant().toString(), epoch, what, detail.replaceAll("[\\t\\r\\n]+", " "));
        entries.add(entry);
        boolean trimmed = entries.size() > 2 * KEPT;
        if (trimmed) {
            entries.subList(0, entries.size() - KEPT).clear();
        }
        List<String> lines = trimmed ? entries.stream().map(HistoryFile::line).toList() : List.of(line(entry));
        try {
            writer.execute(() -> write(lines, trimmed));
        } catch (RejectedExecutionException e) {
            LOG.debugf("the history is closed, and does not get: %s", detail);
        }
    }

    private void write(List<String> lines, boolean anew) {
        try {
            if (anew) {
                Path aside = file.resolveSibling(file.getFileName() + ".new");
                Files.write(aside, lines, StandardCharsets.UTF_8);
                Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.write(file, lines, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            // a full disk must not end the agent: it is what hands over to another node
            LOG.warnf("cannot write the cluster's history %s: %s", file, e);
        }
    }

    /** Oldest first. */
    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Returns when all that was added is written, after some seconds at most. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warnf("the end of the cluster's history is not written to %s", file);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String line(Entry entry) {
        return entry.at() + "\t" + entry.epoch() + "\t" + entry.what() + "\t" + entry.detail();
    }
}
