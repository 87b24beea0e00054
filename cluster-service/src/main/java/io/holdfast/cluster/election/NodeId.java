package io.holdfast.cluster.election;

import java.util.regex.Pattern;

/**
 * The name of a node, unique in its cluster. It is also the node's {@code application_name} at PostgreSQL, so it is short and plain.
 *
 * @param value one lower-case letter, then up to 31 lower-case letters, digits, underscores or hyphens
 */
public record NodeId(String value) implements Comparable<NodeId> {

    private static final Pattern PLAIN = Pattern.compile("[a-z][a-z0-9_-]{0,31}");

    public NodeId {
        if (!PLAIN.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a node id is a lower-case letter and up to 31 of a-z, 0-9, _ and -, found: " + value);
        }
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
