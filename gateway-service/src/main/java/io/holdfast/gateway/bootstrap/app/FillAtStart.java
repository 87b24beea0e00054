package io.holdfast.gateway.bootstrap.app;

import io.holdfast.role.NodeRole;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** At every start, before any request; on a node of a cluster once it is the active one. */
@ApplicationScoped
public class FillAtStart {

    private static final Logger LOG = Logger.getLogger(FillAtStart.class);

    /** After the migrations, before requests. */
    private static final int PRIORITY = 100;

    private final FillNewManager fill;
    private final NodeRole role;

    FillAtStart(FillNewManager fill, NodeRole role) {
        this.fill = fill;
        this.role = role;
    }

    void start(@Observes @Priority(PRIORITY) StartupEvent start) {
        if (role.isActive()) {
            fill.fill();
            return;
        }
        role.whenActive()
                .thenRunAsync(fill::fill, Infrastructure.getDefaultWorkerPool())
                .exceptionally(failure -> {
                    LOG.error(
                            "A new manager's tenant, roles and administrator could not be made; start this node again",
                            failure);
                    return null;
                });
    }
}
