package io.holdfast.restore.loading.storage;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * The database as the login role, which owns the state schemas. Connections are opened as needed and named, so that those of a dead
 * restore can be told from others.
 *
 * @param applicationName as {@code pg_stat_activity} shows it
 * @param sessionSql with what each session begins; empty for nothing
 */
public record OwnerDatabase(String url, String username, String password, String applicationName, String sessionSql) {

    /** What the names of all connections of restores begin with. */
    public static final String APPLICATION = "holdfast-restore";

    public OwnerDatabase(String url, String username, String password) {
        this(url, username, password, APPLICATION, "");
    }

    /** The same database, with sessions that begin like this. */
    public OwnerDatabase beginningWith(String sql) {
        return new OwnerDatabase(url, username, password, applicationName, sql);
    }

    /** The same database, with connections named for one restore. */
    public OwnerDatabase named(String restoreId) {
        return new OwnerDatabase(url, username, password, nameFor(restoreId), sessionSql);
    }

    /** At most 63 bytes, or PostgreSQL would cut it. */
    public static String nameFor(String restoreId) {
        return APPLICATION + ":" + restoreId;
    }

    /** In autocommit, UTC. The caller closes it. */
    public Connection open() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", username);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", applicationName);
        properties.setProperty("reWriteBatchedInserts", "true");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("options", "-c TimeZone=UTC -c search_path=pg_catalog -c DateStyle=ISO");
        Connection connection = DriverManager.getConnection(url, properties);
        if (!sessionSql.isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sessionSql);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }
        return connection;
    }

    @Override
    public String toString() {
        return "OwnerDatabase[" + applicationName + "]";
    }
}
