package io.holdfast.gateway.manager;

import java.util.List;

/** How the manager's parts are at one moment. */
public record Health(Part database, Part broker, List<Part> services) {

    public Health {
        services = List.copyOf(services);
    }

    public boolean isWhole() {
        return database.active() && broker.active() && servicesAreWhole();
    }

    public boolean servicesAreWhole() {
        return services.stream().allMatch(Part::active);
    }
}
