package io.holdfast.restore.rule.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Statements that answer nothing but how many rows they changed. */
final class Statements {

    private Statements() {}

    static int execute(Connection connection, String sql) throws SQLException {
        return execute(connection, sql, List.of());
    }

    static int execute(Connection connection, String sql, List<Object> parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
            }
            return statement.executeUpdate();
        }
    }
}
