package io.holdfast.benchmarks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * db-scheduler in its fastest setting, with the task that its users write for this: the handler publishes 1 kB and waits for the
 * publisher confirm. The payload is the task's data, as ours is the execution's.
 */
final class DbSchedulerPeer implements AutoCloseable {

    private static final String QUEUE = "bench.peer";
    private static final String TASK = "publish";
    private static final int THREADS = 20;
    private static final long CONFIRM_MILLIS = 30_000;

    private static final String TABLE = """
            CREATE TABLE scheduled_tasks (
                task_name            text NOT NULL,
                task_instance        text NOT NULL,
                task_data            bytea,
                execution_time       timestamptz NOT NULL,
                picked               boolean NOT NULL,
                picked_by            text,
                last_success         timestamptz,
                last_failure         timestamptz,
                consecutive_failures integer,
                last_heartbeat       timestamptz,
                version              bigint NOT NULL,
                priority             smallint,
                PRIMARY KEY (task_name, task_instance));
            CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
            CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
            CREATE INDEX priority_execution_time_idx ON scheduled_tasks (priority DESC, execution_time ASC)""";

    /** The data are bytes already. */
    private static final Serializer BYTES = new Serializer() {
        @Override
        public byte[] serialize(Object data) {
            return (byte[]) data;
        }

        @Override
        public <T> T deserialize(Class<T> type, byte[] data) {
            return type.cast(data);
        }
    };

    private final String url;
    private final AgroalDataSource dataSource;
    private final Connection broker;

    DbSchedulerPeer(BenchServer server, Connection broker) throws SQLException {
        this.broker = broker;
        try (java.sql.Connection connection = DriverManager.getConnection(server.url(), "postgres", "postgres");
                Statement sql = connection.createStatement()) {
            sql.execute("CREATE DATABASE peer");
        }
        this.url = server.url("peer");
        this.dataSource = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(THREADS + 10)
                        .minSize(THREADS)
                        .acquisitionTimeout(Duration.ofSeconds(30))
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(url)
                                .principal(new NamePrincipal("postgres"))
                                .credential(new SimplePassword("postgres")))));
        try (java.sql.Connection connection = dataSource.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute(TABLE);
        }
    }

    static String version() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Scheduler.class.getResourceAsStream(
                "/META-INF/maven/com.github.kagkarlsson/db-scheduler/pom.properties")) {
            if (in != null) {
                properties.load(in);
            }
        }
        return properties.getProperty("version", "unknown");
    }

    /** Seconds from the start of the scheduler until all are published, confirmed and done. */
    double run(int count) throws IOException, SQLException, InterruptedException, TimeoutException {
        try (Channel channel = broker.createChannel()) {
            BrokerCeiling.declare(channel, QUEUE);
        }
        try (java.sql.Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
                Statement sql = connection.createStatement()) {
            sql.execute("TRUNCATE scheduled_tasks");
            sql.execute(
                    "INSERT INTO scheduled_tasks (task_name, task_instance, task_data, execution_time, picked, version)"
                            + " SELECT '" + TASK + "', gen_random_uuid()::text, convert_to(repeat(md5(n::text), "
                            + BrokerCeiling.BODY_BYTES / 32 + "), 'UTF8'), now() - random() * interval '5 s', false, 1"
                            + " FROM generate_series(1, " + count + ") n");
            sql.execute("VACUUM ANALYZE scheduled_tasks");
            sql.execute("CHECKPOINT");
        }
        AtomicLong published = new AtomicLong();
        ConcurrentLinkedQueue<Channel> channels = new ConcurrentLinkedQueue<>();
        ThreadLocal<Channel> own = ThreadLocal.withInitial(() -> {
            try {
                Channel channel = broker.createChannel();
                channel.confirmSelect();
                channels.add(channel);
                return channel;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        OneTimeTask<byte[]> task = Tasks.oneTime(TASK, byte[].class).execute((instance, context) -> {
            publish(own.get(), instance.getData());
            published.incrementAndGet();
        });
        Scheduler scheduler = Scheduler.create(dataSource, task)
                .serializer(BYTES)
                .threads(THREADS)
                .pollUsingLockAndFetch(4.0, 20.0)
                .pollingInterval(Duration.ofMillis(100))
                .build();
        long start = System.nanoTime();
        scheduler.start();
        try {
            long givingUp = start + TimeUnit.MINUTES.toNanos(10);
            while (published.get() < count || left() > 0) {
                if (System.nanoTime() > givingUp) {
                    throw new IOException("db-scheduler published " + published + " of " + count + " in ten minutes");
                }
                Thread.sleep(5);
            }
            return (System.nanoTime() - start) / 1e9;
        } finally {
            scheduler.stop();
            for (Channel channel : channels) {
                channel.abort();
            }
        }
    }

    private static void publish(Channel channel, byte[] body) {
        try {
            channel.basicPublish("", QUEUE, true, MessageProperties.MINIMAL_PERSISTENT_BASIC, body);
            channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the broker does not confirm", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Leaves nothing that has work to do while another contender runs: no messages, no dead rows. */
    void clear() throws IOException, SQLException, TimeoutException {
        try (Channel channel = broker.createChannel()) {
            channel.queueDelete(QUEUE);
        }
        try (java.sql.Connection connection = dataSource.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute("TRUNCATE scheduled_tasks");
        }
    }

    private long left() throws SQLException {
        try (java.sql.Connection connection = dataSource.getConnection();
                Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery("SELECT count(*) FROM scheduled_tasks")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
