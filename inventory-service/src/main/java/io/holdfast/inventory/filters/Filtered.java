package io.holdfast.inventory.filters;

import java.util.List;
import java.util.Locale;

/** What filters are for. */
public enum Filtered {
    BLUEPRINTS,
    DEPLOYMENTS;

    private static final List<String> OF_BLUEPRINTS = List.of("created_by", "state", "id", "tenant_name");

    private static final List<String> OF_DEPLOYMENTS = List.of(
            "blueprint_id",
            "created_by",
            "site_name",
            "schedules",
            "tenant_name",
            "display_name",
            "installation_status");

    /** Name of a filter in messages. */
    public String model() {
        return this == BLUEPRINTS ? "BlueprintsFilter" : "DeploymentsFilter";
    }

    /** What rules may name, in the order in which the API lists them. */
    public List<String> attributes() {
        return this == BLUEPRINTS ? OF_BLUEPRINTS : OF_DEPLOYMENTS;
    }

    /** {@code blueprints} */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
