package io.holdfast.gateway.manager;

import java.util.List;

/**
 * One node's share of a service of the cluster.
 *
 * @param address by which clients reach it
 */
public record NodeHealth(String name, String address, List<Part> parts) {

    public NodeHealth {
        parts = List.copyOf(parts);
    }

    /** As the manager API counts it: a node without anything to show is not well. */
    public boolean isOk() {
        return !parts.isEmpty() && parts.stream().allMatch(Part::active);
    }
}
