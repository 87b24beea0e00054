package io.holdfast.messaging;

import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One service's part in the database and the broker. A service offers it as a bean:
 *
 * <pre>{@code
 * @Produces @Singleton
 * ServiceSchema schema(@DataSource("scheduler") AgroalDataSource dataSource) {
 *     return ServiceSchema.of("scheduler", dataSource)
 *             .withMigrations("db/scheduler_control")
 *             .withQueue("scheduler.events", Event.EVENTS, "snapshot.#");
 * }
 * }</pre>
 *
 * @param name the service's short name; its control schema is {@code <name>_control}, its role {@code holdfast_<name>}
 * @param dataSource the service's own, whose connections switch to its role
 * @param migrations folder of the class path with the service's own control migrations (with a {@code migrations.index}), or null.
 *     Placeholders: {@code ${schema}}, {@code ${role}}
 * @param queues what it consumes
 * @param source what it publishes besides its outbox, or null
 */
public record ServiceSchema(
        String name,
        DataSource dataSource,
        @Nullable String migrations,
        List<QueueBinding> queues,
        @Nullable OutgoingSource source) {

    public ServiceSchema {
        if (!name.matches("[a-z]{2,30}")) {
            throw new IllegalArgumentException("not a service's short name: " + name);
        }
        queues = List.copyOf(queues);
    }

    /** Without queues and migrations of its own: outbox, inbox and parked messages only. */
    public static ServiceSchema of(String name, DataSource dataSource) {
        return new ServiceSchema(name, dataSource, null, List.of(), null);
    }

    public ServiceSchema withMigrations(String folder) {
        return new ServiceSchema(name, dataSource, folder, queues, source);
    }

    public ServiceSchema withQueue(String queue, String exchange, String... routingKeys) {
        List<QueueBinding> more = new ArrayList<>(queues);
        more.add(new QueueBinding(queue, exchange, List.of(routingKeys)));
        return new ServiceSchema(name, dataSource, migrations, more, source);
    }

    public ServiceSchema withSource(OutgoingSource messages) {
        return new ServiceSchema(name, dataSource, migrations, queues, messages);
    }

    /** {@code <name>_control}. */
    public String controlSchema() {
        return name + "_control";
    }

    /** {@code holdfast_<name>}. */
    public String role() {
        return "holdfast_" + name;
    }
}
