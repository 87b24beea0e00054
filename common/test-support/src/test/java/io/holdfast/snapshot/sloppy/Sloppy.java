package io.holdfast.snapshot.sloppy;

import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Inject;
import jakarta.persistence.Entity;
import jakarta.ws.rs.Path;
import java.time.Instant;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Planted: breaks a rule on purpose. */
@Path("/planted")
@Entity
public class Sloppy {
    @Inject
    String injected;

    Instant time() {
        return Instant.now();
    }

    @Scheduled(every = "1s")
    void workOnStandbys() {
        new Thread(this::time).start();
    }

    @Incoming("planted")
    void print() throws Exception {
        System.out.println(injected);
        throw new Exception("planted");
    }
}
