package io.holdfast.cluster.election;

/**
 * Which of two configurations is newer: the one of the later epoch, within an epoch the later change.
 *
 * @param epoch in which its active node vouched for it
 * @param number of the change within that epoch, from 0
 */
public record ConfigurationVersion(long epoch, long number) implements Comparable<ConfigurationVersion> {

    @Override
    public int compareTo(ConfigurationVersion other) {
        int byEpoch = Long.compare(epoch, other.epoch);
        return byEpoch != 0 ? byEpoch : Long.compare(number, other.number);
    }

    ConfigurationVersion next() {
        return new ConfigurationVersion(epoch, number + 1);
    }

    @Override
    public String toString() {
        return epoch + "." + number;
    }
}
