package io.holdfast.http;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What a service begins with that runs as a process of its own. Where it cannot start, its last line says why. */
@QuarkusMain(name = "service")
public final class ServiceProcess {

    private static final Logger LOG = Logger.getLogger(ServiceProcess.class);

    private ServiceProcess() {}

    public static void main(String... arguments) {
        Quarkus.run(null, ServiceProcess::end, arguments);
    }

    private static void end(int code, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.fatalf("the service did not start: %s", StartFailure.inWords(failure));
        }
        System.exit(code);
    }
}
