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
 * Says with what every session of a pool begins ({@code holdfast.session.sql}): with a lease in the database, that it enters as this
 * manager; else nothing.
 */
public final class SessionConfigSourceFactory implements ConfigSourceFactory {

    /** The name of this start of this process, in a lease. */
    static final String MANAGER = "holdfast.session.manager";

    /** Above the modules' own files (100), below the environment (300). */
    private static final int ORDINAL = 120;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue lease = context.getValue("holdfast.cluster.database-lease");
        if (lease == null || !"true".equals(lease.getValue())) {
            return List.of();
        }
        String manager = manager();
        return List.of(new PropertiesConfigSource(
                Map.of(MANAGER, manager, "holdfast.session.sql", "SELECT holdfast_ha.enter('" + manager + "'); "),
                "holdfast.cluster.database-lease",
                ORDINAL));
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
