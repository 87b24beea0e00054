package io.holdfast.contracts.events;

import java.time.Instant;

/** Facts about maintenance mode. Source: cluster-service. */
public sealed interface MaintenanceEvent extends Event {

    /** The gate changed. {@code status} is {@code deactivated}, {@code activating} or {@code activated}. */
    record Changed(String status, String changedBy, Instant at) implements MaintenanceEvent {
        public static final String TYPE = "maintenance.changed.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String subject() {
            return status;
        }
    }
}
