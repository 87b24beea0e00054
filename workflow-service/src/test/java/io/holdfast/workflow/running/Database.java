package io.holdfast.workflow.running;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Looks into the control schema. */
public record Database(DataSource dataSource) {

    /** As if no restore and no execution had ever been. */
    public void forgetEverything() throws SQLException {
        execute("UPDATE workflow_control.seen_epoch SET highest = 0");
        execute("DELETE FROM workflow_control.taken");
        execute("DELETE FROM workflow_control.parked_message");
        execute("DELETE FROM workflow_control.inbox");
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of every row. */
    public List<String> texts(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    public List<String> deadLetters() throws SQLException {
        return texts("SELECT message_id FROM workflow_control.parked_message WHERE state = 'dead'");
    }
}
