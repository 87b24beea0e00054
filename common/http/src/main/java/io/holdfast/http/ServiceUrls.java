package io.holdfast.http;

import io.quarkus.runtime.LaunchMode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Where services are: {@code holdfast.<service>.url}, by default this very process (all services in one JVM). */
@ApplicationScoped
public class ServiceUrls {

    /**
     * Base URL without a slash at its end. Asked anew at each call: with port 0 the port is known only after the start, when the server
     * has put it into the configuration.
     */
    public String of(String service) {
        Config config = ConfigProvider.getConfig();
        Optional<String> configured = config.getOptionalValue("holdfast." + service + ".url", String.class);
        if (configured.isPresent()) {
            return configured.get().replaceFirst("/+$", "");
        }
        String port = LaunchMode.current() == LaunchMode.TEST ? "quarkus.http.test-port" : "quarkus.http.port";
        return "http://127.0.0.1:" + config.getValue(port, Integer.class);
    }
}
