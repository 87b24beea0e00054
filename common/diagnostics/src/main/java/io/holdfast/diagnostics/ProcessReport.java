package io.holdfast.diagnostics;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one service's process tells of itself.
 *
 * @param process another one at each start, the same for all services of a JVM
 * @param application whose process it is: a service's name, or the whole manager's where all are in one
 * @param node the cluster node's name, or the host's
 * @param service what the service asked for has in its control schema; null if it has none
 * @param parts what the whole process has; empty where the caller named it as known
 */
public record ProcessReport(
        String process,
        String application,
        String node,
        @Nullable Part service,
        List<Part> parts,
        List<Missing> missing) {

    /**
     * One file of a bundle.
     *
     * @param name of the file
     * @param about what is in it, for people
     * @param removed places that were redacted
     */
    public record Part(String name, String about, int removed, String text) {
        public Part {
            Objects.requireNonNull(name);
            Objects.requireNonNull(about);
            Objects.requireNonNull(text);
        }
    }

    /** What could not be got. */
    public record Missing(String what, String why) {
        public Missing {
            Objects.requireNonNull(what);
            Objects.requireNonNull(why);
        }
    }

    public ProcessReport {
        Objects.requireNonNull(process);
        Objects.requireNonNull(application);
        Objects.requireNonNull(node);
        parts = List.copyOf(parts);
        missing = List.copyOf(missing);
    }
}
