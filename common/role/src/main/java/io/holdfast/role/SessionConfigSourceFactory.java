package io.holdfast.role;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Says with what every session of a pool begins ({@code holdfast.session.sql}): that PostgreSQL compiles no statements, which takes
 * seconds where it thinks that one finds much, and saves milliseconds; with a lease in the database, that it enters as this manager.
 */
public final class SessionConfigSourceFactory implements ConfigSourceFactory {

    /** The name of this start of this process, in a lease. */
    static final String MANAGER = "holdfast.session.manager";

    private static final String SESSION = "holdfast.session.sql";
    private static final String NOT_COMPILED = "SET jit = off; ";

    /** Above the modules' own files (100), below the environment (300). */
    private static final int ORDINAL = 120;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue lease = context.getValue("holdfast.cluster.database-lease");
        if (lease == null || !"true".equals(lease.getValue())) {
            return source(Map.of(SESSION, NOT_COMPILED));
        }
        String manager = manager();
        return source(
                Map.of(MANAGER, manager, SESSION, NOT_COMPILED + "SELECT holdfast_ha.enter('" + manager + "'); "));
    }

    private static List<ConfigSource> source(Map<String, String> properties) {
        return List.of(new PropertiesConfigSource(properties, SESSION, ORDINAL));
    }

    @Override
    public OptionalInt getPriority() {
        return OptionalInt.of(ORDINAL);
    }

    /** Host, process and its start: the same however often this is asked in one process, and another one after a restart. */
    private static String manager() {
        ProcessHandle self = ProcessHandle.current();
        long started = self.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
        return hostname().replaceAll("[^A-Za-z0-9.-]", "_") + "/" + self.pid() + "/" + started;
    }

    static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A name that does not resolve is still no reason not to start.
            return "localhost";
        }
    }
}
