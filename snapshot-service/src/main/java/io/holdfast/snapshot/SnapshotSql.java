package io.holdfast.snapshot;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Runs plain SQL in the transaction at hand. */
public final class SnapshotSql {

    private final DataSource dataSource;
    private final String what;

    /** @param what is read and written, for messages: {@code claims on builds} */
    public SnapshotSql(DataSource dataSource, String what) {
        this.dataSource = dataSource;
        this.what = what;
    }

    /** Makes one thing of the row that the result set stands on. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    public <T> List<T> query(Reader<T> reader, String sql, @Nullable Object... binds) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, binds);
            List<T> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(reader.read(row));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(what + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** How many rows the statement changed. */
    public int update(String sql, @Nullable Object... binds) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, binds);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(what + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... binds) throws SQLException {
        for (int i = 0; i < binds.length; i++) {
            statement.setObject(i + 1, binds[i]);
        }
    }
}
