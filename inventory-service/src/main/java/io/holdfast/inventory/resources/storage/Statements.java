package io.holdfast.inventory.resources.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Runs statements; inside of a transaction they are part of it. Thread-safe. */
public final class Statements {

    /** Makes a value of a row. */
    public interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Takes a row. */
    public interface Taker {
        void take(ResultSet row) throws SQLException;
    }

    private static final int BATCH = 50;

    /** Rows that are fetched together where not all may be held. */
    private static final int FETCHED = 500;

    private final DataSource dataSource;

    public Statements(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** @return how many rows it changed */
    public int update(String sql, @Nullable Object... parameters) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /** One statement for many rows, some dozens at a time; rows may be made as they are asked for. */
    public void batch(String sql, Iterable<@Nullable Object[]> rows) {
        Iterator<@Nullable Object[]> left = rows.iterator();
        if (!left.hasNext()) {
            return;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            while (left.hasNext()) {
                for (int i = 0; i < BATCH && left.hasNext(); i++) {
                    bind(statement, left.next());
                    statement.addBatch();
                }
                statement.executeBatch();
            }
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    public <T> List<T> query(String sql, Reader<T> reader, @Nullable Object... parameters) {
        List<T> found = new ArrayList<>();
        each(sql, 0, row -> found.add(reader.read(row)), parameters);
        return found;
    }

    /** Gives each row of a query away as it comes; in a transaction no more than some hundred of them are held at once. */
    public void each(String sql, Taker taker, @Nullable Object... parameters) {
        each(sql, FETCHED, taker, parameters);
    }

    /** @param atATime so many rows are fetched together; 0: all */
    private void each(String sql, int atATime, Taker taker, @Nullable Object... parameters) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(atATime);
            bind(statement, parameters);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    taker.take(row);
                }
            }
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /** Whether the query has a row. */
    public boolean exists(String sql, @Nullable Object... parameters) {
        return !query(sql, row -> true, parameters).isEmpty();
    }

    private static void bind(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            if (value instanceof Instant instant) {
                statement.setObject(i + 1, OffsetDateTime.ofInstant(instant, ZoneOffset.UTC));
            } else {
                statement.setObject(i + 1, value);
            }
        }
    }

    private static IllegalStateException failed(String sql, SQLException e) {
        return new IllegalStateException("cannot run: " + sql.strip().replaceAll("\\s+", " "), e);
    }
}
