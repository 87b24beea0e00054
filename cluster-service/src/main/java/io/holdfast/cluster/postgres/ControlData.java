package io.holdfast.cluster.postgres;

import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.Position;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the control file of a server that does not run says about its end.
 *
 * @param state in PostgreSQL's words
 * @param checkpointTimeline of the last checkpoint
 * @param replayed how far a standby noted to have replayed
 */
public record ControlData(String state, long checkpointTimeline, Position replayed) {

    private static final String STANDBY_SHUT_DOWN = "shut down in recovery";

    /**
     * @param output of {@code pg_controldata} in the language C
     * @throws IllegalArgumentException if a line is missing or is not as expected
     */
    public static ControlData parse(String output) {
        Map<String, String> lines = new HashMap<>();
        output.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                lines.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return new ControlData(
                value(lines, "Database cluster state"),
                Long.parseLong(value(lines, "Latest checkpoint's TimeLineID")),
                new Position(
                        Long.parseLong(value(lines, "Min recovery ending loc's timeline")),
                        Lsn.parse(value(lines, "Minimum recovery ending location"))));
    }

    private static String value(Map<String, String> lines, String name) {
        @Nullable String value = lines.get(name);
        if (value == null) {
            throw new IllegalArgumentException("pg_controldata prints no line: " + name);
        }
        return value;
    }

    /**
     * Whether a standby that had replayed its log up to {@code end} was shut down in order, with its last checkpoint on the timeline of
     * {@code end}. Only then do the tools that read the control file see the whole log, and the timeline that it is on.
     */
    public boolean isStandbyShutDownAt(Position end) {
        return state.equals(STANDBY_SHUT_DOWN)
                && checkpointTimeline == end.timeline()
                && replayed.timeline() == end.timeline()
                && replayed.lsn().compareTo(end.lsn()) >= 0;
    }
}
