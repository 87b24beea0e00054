package io.holdfast.archive;

/**
 * What an archive carries besides the state proper.
 *
 * @param includeCredentials private keys of agents
 * @param includeLogs rows of {@code scheduler.events} that are logs
 * @param includeEvents rows of {@code scheduler.events} that are events
 */
public record ArchiveOptions(boolean includeCredentials, boolean includeLogs, boolean includeEvents) {
    public static final ArchiveOptions ALL = new ArchiveOptions(true, true, true);
}
