package io.holdfast.gateway.manager;

import java.util.List;
import java.util.stream.Stream;

/** How managers, database and brokers of the whole cluster are. Source of the rules: cloudify-api section 15. */
public record ClusterHealth(Service manager, Service database, Service broker) {

    /** In the order from well to ill. */
    public enum Status {
        OK("OK"),
        DEGRADED("Degraded"),
        FAIL("Fail");

        private final String wireName;

        Status(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /**
     * A service that all nodes share.
     *
     * @param external whether somebody else runs it; then it is taken to be well
     * @param quorum of nodes that must be well for it to work
     */
    public record Service(boolean external, int quorum, List<NodeHealth> nodes) {

        public Service {
            nodes = List.copyOf(nodes);
        }

        /** One manager that works is enough. */
        public static Service ofManagers(List<NodeHealth> nodes) {
            return new Service(false, 1, nodes);
        }

        /** More than half of the nodes must work. */
        public static Service ofMajority(boolean external, List<NodeHealth> nodes) {
            return new Service(external, nodes.size() / 2 + 1, nodes);
        }

        public Status status() {
            long well = nodes.stream().filter(NodeHealth::isOk).count();
            if (external || (well == nodes.size() && well > 0)) {
                return Status.OK;
            }
            return well >= quorum ? Status.DEGRADED : Status.FAIL;
        }
    }

    /** That of the service that is worst. */
    public Status status() {
        return Stream.of(manager, database, broker)
                .map(Service::status)
                .max(Status::compareTo)
                .orElse(Status.FAIL);
    }
}
