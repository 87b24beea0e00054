package io.holdfast.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class TestDatabaseIT {

    @Test
    void everyDatabaseIsFreshAndItsOwnerMayMakeRolesButIsNoSuperuser() throws SQLException {
        // given
        TestDatabase one = TestDatabase.create();
        try (Connection connection = one.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE public.t (i int)");
        }
        // when
        TestDatabase other = TestDatabase.create();
        // then
        assertThat(other.url()).isNotEqualTo(one.url());
        try (Connection connection = other.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT rolcreaterole, rolsuper, to_regclass('public.t')::text"
                        + " FROM pg_roles WHERE rolname = current_user")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getBoolean(1)).isTrue();
            assertThat(row.getBoolean(2)).isFalse();
            assertThat(row.getString(3)).isNull();
        }
    }

    @Test
    void dropsADatabaseThatIsStillConnectedTo() throws SQLException {
        // given
        TestDatabase kept = TestDatabase.create();
        TestDatabase dropped = TestDatabase.create();
        try (Connection connection = dropped.connect()) {
            // when
            dropped.drop();
            // then
            assertThat(connection.isValid(10)).isFalse();
        }
        assertThatThrownBy(dropped::connect).hasMessageContaining("does not exist");
        kept.connect().close();
    }
}
