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
import org.jboss.logging.Logger;

/** What happened to the cluster, as this node saw it: a line for each fact, the last {@value #KEPT} at least. Thread-safe. */
public final class HistoryFile {

    private static final Logger LOG = Logger.getLogger(HistoryFile.class);
    private static final int KEPT = 2_000;

    private final Path file;
    private final Clock clock;
    private final List<Entry> entries = new ArrayList<>();

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

    public synchronized void add(long epoch, String what, String detail) {
        Entry entry = new Entry(clock.instant().toString(), epoch, what, detail.replaceAll("[\\t\\r\\n]+", " "));
        entries.add(entry);
        try {
            if (entries.size() > 2 * KEPT) {
                entries.subList(0, entries.size() - KEPT).clear();
                Path aside = file.resolveSibling(file.getFileName() + ".new");
                Files.write(aside, entries.stream().map(HistoryFile::line).toList(), StandardCharsets.UTF_8);
                Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.writeString(
                        file,
                        line(entry) + "\n",
                        StandardCharsets.UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
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

    private static String line(Entry entry) {
        return entry.at() + "\t" + entry.epoch() + "\t" + entry.what() + "\t" + entry.detail();
    }
}
