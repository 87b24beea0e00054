package io.holdfast.cluster.postgres.server;

import io.holdfast.cluster.postgres.PostgresSettings;
import io.holdfast.cluster.postgres.Upstream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/** Connections of the agent: to its own server by the Unix socket, to another node's by TCP. */
final class LocalConnections {
    private final PostgresSettings settings;
    private final Path socketDirectory;

    LocalConnections(PostgresSettings settings, Path socketDirectory) {
        this.settings = settings;
        this.socketDirectory = socketDirectory;
    }

    /**
     * As superuser.
     *
     * @param answerLimit after which a statement without an answer fails, and the connection with it; zero for none. A network time-out
     *     that the connection gets later takes its place
     */
    Connection local(String database, Duration answerLimit) throws SQLException {
        return open(localProperties(answerLimit), "/" + database);
    }

    /**
     * As {@link #local}, for rows that are kept or compared as text: in the same form on every node, whatever time zone its agent runs in.
     */
    Connection rows(String database, Duration answerLimit) throws SQLException {
        return inUtc(local(database, answerLimit));
    }

    /** Speaks the replication protocol's commands, such as IDENTIFY_SYSTEM. */
    Connection replication(Duration answerLimit) throws SQLException {
        Properties properties = localProperties(answerLimit);
        properties.setProperty("replication", "true");
        properties.setProperty("preferQueryMode", "simple");
        return open(properties, "/");
    }

    /** To the product's database of another node, as the replication role. */
    Connection to(Upstream upstream, Duration answerLimit) throws SQLException {
        Properties properties = common();
        properties.setProperty(
                "socketTimeout",
                Long.toString(Math.max(0, answerLimit.plusMillis(999).toSeconds())));
        properties.setProperty("user", PostgresSettings.REPLICATION_ROLE);
        properties.setProperty("password", settings.replicationPassword());
        properties.setProperty("connectTimeout", "3");
        String host = upstream.host().contains(":") ? "[" + upstream.host() + "]" : upstream.host();
        return inUtc(open(properties, host + ":" + upstream.port() + "/" + settings.database()));
    }

    // The driver tells the server the zone of this JVM, and nothing that is sent with it wins over that.
    private static Connection inUtc(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TIME ZONE 'UTC'");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    private Properties localProperties(Duration answerLimit) {
        Properties properties = common();
        properties.setProperty("user", PostgresSettings.AGENT_ROLE);
        properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
        properties.setProperty(
                "socketFactoryArg",
                answerLimit.toMillis() + ":" + socketDirectory.resolve(".s.PGSQL." + settings.port()));
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        return properties;
    }

    private static Properties common() {
        Properties properties = new Properties();
        properties.setProperty("loginTimeout", "0");
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("ApplicationName", "holdfast-agent");
        // so the driver says with the first message what it would say with two more
        properties.setProperty("assumeMinServerVersion", "14");
        return properties;
    }

    private static Connection open(Properties properties, String rest) throws SQLException {
        @Nullable Connection connection = new Driver().connect("jdbc:postgresql://" + rest, properties);
        return Objects.requireNonNull(connection, "the driver takes its own URLs");
    }
}
