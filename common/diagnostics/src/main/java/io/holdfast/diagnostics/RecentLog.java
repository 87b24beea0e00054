package io.holdfast.diagnostics;

import io.holdfast.diagnostics.ProcessReport.Missing;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The end of this process's log: of its files, with those that lie beside them, where it logs to a file; else what a ring in memory has
 * kept of what went to standard output.
 */
@ApplicationScoped
class RecentLog {

    /** Before services start, whose log is wanted above all. */
    private static final int FIRST = 1;

    private static final Logger ROOT = Logger.getLogger("");

    private final DiagnosticsConfig config;
    private final Optional<Path> file;
    private final String format;
    private @Nullable RingHandler ring;

    RecentLog(
            DiagnosticsConfig config,
            @ConfigProperty(name = "quarkus.log.file.enabled", defaultValue = "false") boolean toFile,
            @ConfigProperty(name = "quarkus.log.file.path") Optional<Path> file,
            @ConfigProperty(name = "quarkus.log.console.format", defaultValue = "%d %-5p [%c{2.}] (%t) %s%e%n")
                    String format) {
        this.config = config;
        this.file = toFile ? file : Optional.empty();
        this.format = format;
    }

    record Log(String name, String text) {}

    void start(@Observes @Priority(FIRST) StartupEvent start) {
        if (file.isEmpty()) {
            RingHandler handler = new RingHandler(new PatternFormatter(format), bytes());
            ring = handler;
            ROOT.addHandler(handler);
        }
    }

    void stop(@Observes ShutdownEvent stop) {
        if (ring != null) {
            ROOT.removeHandler(ring);
            ring = null;
        }
    }

    /** @param missing gets what cannot be read */
    List<Log> read(List<Missing> missing) {
        List<Log> logs = new ArrayList<>();
        RingHandler kept = ring;
        if (kept != null) {
            logs.add(new Log("log.txt", kept.text()));
        }
        for (Path log : files(missing)) {
            try {
                String name = String.valueOf(log.getFileName());
                boolean taken = logs.stream().anyMatch(other -> other.name().equals(name));
                logs.add(new Log(
                        taken ? name.replaceFirst("\\.log$", "-" + logs.size() + ".log") : name,
                        LogFiles.end(log, bytes())));
            } catch (IOException e) {
                missing.add(new Missing(log.toString(), "cannot be read: " + e));
            }
        }
        return logs;
    }

    private Set<Path> files(List<Missing> missing) {
        Set<Path> files = new LinkedHashSet<>();
        file.map(Path::toAbsolutePath).ifPresent(own -> {
            files.add(own);
            // A directory of its own has the logs of whatever this process runs; the working directory may have
            // anybody's.
            Path directory = own.getParent();
            if (directory != null && !directory.equals(Path.of("").toAbsolutePath())) {
                addAll(files, directory, missing);
            }
        });
        for (Path directory : config.moreLogs().orElse(List.of())) {
            addAll(files, directory.toAbsolutePath(), missing);
        }
        return files;
    }

    private static void addAll(Set<Path> files, Path directory, List<Missing> missing) {
        if (!Files.isDirectory(directory)) {
            missing.add(new Missing(directory.toString(), "there is no such directory of logs"));
            return;
        }
        try {
            files.addAll(LogFiles.in(directory));
        } catch (IOException e) {
            missing.add(new Missing(directory.toString(), "cannot be read: " + e));
        }
    }

    private int bytes() {
        return (int) Math.min(Integer.MAX_VALUE / 4, config.logSize().asLongValue());
    }
}
