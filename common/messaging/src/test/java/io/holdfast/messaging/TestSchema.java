package io.holdfast.messaging;

import io.holdfast.state.StateMigrator;
import io.holdfast.testsupport.TestDatabase;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A migrated database, a service's connections to it (as that service's role), and transactions bound to a thread. */
final class TestSchema implements Transactions {

    final TestDatabase database;
    final ServiceSchema service;
    private final ThreadLocal<Connection> current = new ThreadLocal<>();
    private volatile boolean away;

    TestSchema(String name) {
        service = ServiceSchema.of(name, new RoleConnections())
                .withQueue(name + ".events", io.holdfast.contracts.events.Event.EVENTS, "sample.#");
        database = TestDatabase.copyOf("messaging of " + name, empty -> {
            new StateMigrator(empty.url(), empty.username(), empty.password()).migrateLive();
            new ControlSchema(empty.url(), empty.username(), empty.password()).migrate(service);
        });
    }

    /** From now on the database cannot be reached, or can again. */
    void setAway(boolean isAway) {
        away = isAway;
    }

    @Override
    public void inNew(Runnable work) {
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            current.set(connection);
            try {
                work.run();
                connection.commit();
            } catch (RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                current.remove();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("no transaction", e);
        }
    }

    long count(String sql) {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    void execute(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private Connection connect() throws SQLException {
        if (away) {
            throw new SQLException("the database is away", "08001");
        }
        Connection connection = database.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET ROLE " + service.role());
        }
        return connection;
    }

    /** The transaction's connection, which closing does not close; outside a transaction a new one. */
    private final class RoleConnections implements DataSource {

        @Override
        public Connection getConnection() throws SQLException {
            Connection bound = current.get();
            if (bound == null || away) {
                return connect();
            }
            return (Connection) Proxy.newProxyInstance(
                    TestSchema.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("close")) {
                            return null;
                        }
                        try {
                            return method.invoke(bound, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            return getConnection();
        }

        @Override
        public PrintWriter getLogWriter() {
            return new PrintWriter(java.io.Writer.nullWriter());
        }

        @Override
        public void setLogWriter(PrintWriter out) {}

        @Override
        public void setLoginTimeout(int seconds) {}

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() {
            return Logger.getGlobal();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("wraps nothing");
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
