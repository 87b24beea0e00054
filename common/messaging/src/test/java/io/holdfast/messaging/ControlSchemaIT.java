package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class ControlSchemaIT {

    private final TestSchema schema = new TestSchema("cluster");

    @Test
    void migratingAgainChangesNothing() {
        // given
        schema.execute("INSERT INTO cluster_control.inbox (consumer, message_id) VALUES ('c', gen_random_uuid())");
        // when
        new ControlSchema(schema.database.url(), schema.database.username(), schema.database.password())
                .migrate(schema.service);
        // then
        assertThat(schema.count("SELECT count(*) FROM cluster_control.inbox")).isEqualTo(1);
    }

    @Test
    void serviceReachesItsOwnSchemaAndNoOther() throws SQLException {
        try (Connection connection = schema.service.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT * FROM cluster_control.outbox");
            assertThatThrownBy(() -> statement.execute("SELECT * FROM inventory.secrets"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> statement.execute("CREATE TABLE cluster_control.mine (id int)"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
        }
    }
}
