package io.holdfast.http;

import io.quarkus.runtime.LaunchMode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Where services are: {@code holdfast.<service>.url}, by default this very process (all services in one JVM). */
@ApplicationScoped
public class ServiceUrls {

    private final ConcurrentMap<String, String> known = new ConcurrentHashMap<>();

    /**
     * Base URL without a slash at its end. Remembered, except while the port is 0: it is known only after the start, when the server
     * has put it into the configuration.
     */
    public String of(String service) {
        String url = known.get(service);
        return url == null ? read(service) : url;
    }

    private String read(String service) {
        Config config = ConfigProvider.getConfig();
        Optional<String> configured = config.getOptionalValue("holdfast." + service + ".url", String.class);
        if (configured.isPresent()) {
            return remember(service, configured.get().replaceFirst("/+$", ""));
        }
        String setting = LaunchMode.current() == LaunchMode.TEST ? "quarkus.http.test-port" : "quarkus.http.port";
        int port = config.getValue(setting, Integer.class);
        String url = "http://127.0.0.1:" + port;
        return port == 0 ? url : remember(service, url);
    }

    private String remember(String service, String url) {
        known.put(service, url);
        return url;
    }
}
