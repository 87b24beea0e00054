package io.holdfast.messaging;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.InjectionPoint;
import java.time.Clock;
import java.util.List;

/** Gives each service its own outbox and parked messages: {@code @OfService("scheduler") Outbox outbox}. */
@ApplicationScoped
public class MessagingBeans {

    private final List<ServiceSchema> services;
    private final Clock clock;

    MessagingBeans(@All List<ServiceSchema> services, Clock clock) {
        this.services = services;
        this.clock = clock;
    }

    @Produces
    @Dependent
    @OfService
    public Outbox outbox(InjectionPoint target) {
        ServiceSchema service = service(target);
        return new Outbox(service.dataSource(), service.controlSchema(), clock);
    }

    @Produces
    @Dependent
    @OfService
    public ParkedMessages parkedMessages(InjectionPoint target) {
        ServiceSchema service = service(target);
        return new ParkedMessages(service);
    }

    private ServiceSchema service(InjectionPoint target) {
        String name = target.getQualifiers().stream()
                .filter(OfService.class::isInstance)
                .map(qualifier -> ((OfService) qualifier).value())
                .findFirst()
                .orElse("");
        return services.stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no ServiceSchema bean is named '" + name + "'"));
    }
}
