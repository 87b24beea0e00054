package io.holdfast.testsupport;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A fresh, empty database on this JVM's PostgreSQL server, owned by the login role {@code holdfast}, which may create roles but is no
 * superuser: what the product asks of an outside server, no more.
 *
 * <p>The server is the one of {@value #SERVER_VARIABLE} (a JDBC URL of a superuser, with {@code user} and {@code password}), else the
 * embedded one, started at the first request and shared by all class loaders of the JVM. It runs as root, too.
 *
 * @param url JDBC URL without credentials
 */
public record TestDatabase(String url, String username, String password) {

    /** Environment variable that names a server of one's own. */
    public static final String SERVER_VARIABLE = "HOLDFAST_TEST_DATABASE_URL";

    /** Quarkus tests load this class more than once; a system property is what they all see. */
    private static final String SHARED_SERVER = "holdfast.testsupport.postgres";

    private static final String LOGIN = "holdfast";

    /** By what they hold: databases that are copied and never used. */
    private static final Map<String, TestDatabase> TEMPLATES = new ConcurrentHashMap<>();

    /** A new database; it stays until it is dropped or the server ends. */
    public static TestDatabase create() {
        return create("template0");
    }

    /**
     * A new database as {@code fill} leaves an empty one. It is filled once and copied from then on, which is many times as fast as its
     * migrations.
     *
     * @param content a name of what {@code fill} makes
     * @param fill must leave no connection open
     */
    public static TestDatabase copyOf(String content, Consumer<TestDatabase> fill) {
        TestDatabase template = TEMPLATES.computeIfAbsent(content, any -> {
            TestDatabase filled = create();
            fill.accept(filled);
            return filled;
        });
        return create(template.name());
    }

    /**
     * Ends its connections and drops it. For tests that make many databases: the server deletes what is left of them, a thousand files
     * each, while the JVM ends, and build tools do not wait long for that.
     */
    public void drop() {
        try (Connection connection = DriverManager.getConnection(server());
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE " + name() + " WITH (FORCE)");
        } catch (SQLException e) {
            throw new IllegalStateException("cannot drop the test database " + url, e);
        }
    }

    private String name() {
        return url.replaceFirst(".*/", "");
    }

    private static TestDatabase create(String template) {
        String server = server();
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = DriverManager.getConnection(server);
                Statement statement = connection.createStatement()) {
            statement.execute("DO $$ BEGIN CREATE ROLE " + LOGIN + " LOGIN CREATEROLE PASSWORD '" + LOGIN
                    + "'; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$");
            statement.execute(
                    "CREATE DATABASE " + name + " OWNER " + LOGIN + " TEMPLATE " + template + " ENCODING 'UTF8'");
        } catch (SQLException e) {
            throw new IllegalStateException("cannot make a test database on " + withoutQuery(server), e);
        }
        return new TestDatabase(withoutQuery(server).replaceFirst("/[^/]*$", "/" + name), LOGIN, LOGIN);
    }

    /** A connection as the login role. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url, username, password);
    }

    private static String withoutQuery(String jdbcUrl) {
        return jdbcUrl.replaceFirst("\\?.*$", "");
    }

    private static String server() {
        synchronized (System.getProperties()) {
            String outside = System.getenv(SERVER_VARIABLE);
            if (outside != null && !outside.isBlank()) {
                return outside;
            }
            String running = System.getProperty(SHARED_SERVER);
            if (running == null) {
                running = startEmbedded();
                System.setProperty(SHARED_SERVER, running);
            }
            return running;
        }
    }

    // Never closed: it lives as long as the JVM, whose shutdown hook ends it.
    @SuppressWarnings("resource")
    private static String startEmbedded() {
        try {
            // Nothing here has to survive a power cut; a crash of the server alone loses nothing without fsync either.
            return EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "off")
                    .setServerConfig("synchronous_commit", "off")
                    .setServerConfig("full_page_writes", "off")
                    .setServerConfig("max_connections", "200")
                    .start()
                    .getJdbcUrl("postgres", "postgres");
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded PostgreSQL does not start", e);
        }
    }
}
