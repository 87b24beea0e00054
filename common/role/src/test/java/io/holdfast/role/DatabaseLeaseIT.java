package io.holdfast.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.holdfast.testsupport.TestDatabase;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two managers and one PostgreSQL. */
class DatabaseLeaseIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestDatabase database = TestDatabase.create();
    private final List<Manager> managers = new ArrayList<>();

    private final class Manager implements AutoCloseable {
        private final NodeRole role = NodeRole.inCluster(false);
        private final String name;
        private final DatabaseLease lease;

        Manager(String name) {
            this.name = name;
            this.lease = new DatabaseLease(
                    database.url(),
                    database.username(),
                    database.password(),
                    name,
                    name,
                    URI.create("http://" + name + ":8080"),
                    Duration.ofSeconds(3),
                    Duration.ofMillis(500),
                    role);
            managers.add(this);
        }

        Manager started() {
            lease.start();
            return this;
        }

        /** As a pool makes it. */
        Connection session() throws SQLException {
            Connection connection = database.connect();
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT holdfast_ha.enter('" + name + "')");
            }
            return connection;
        }

        @Override
        public void close() {
            lease.close();
        }
    }

    @BeforeEach
    void aTableToWriteTo() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE effects (what text)");
        }
    }

    @AfterEach
    void stop() {
        managers.forEach(Manager::close);
    }

    @Test
    void oneOfTwoIsActiveAndTheOtherKnowsWhereItIs() {
        // given
        Manager a = new Manager("a").started();

        // when
        Manager b = new Manager("b").started();

        // then
        assertThat(a.role.current()).isEqualTo(new Role(true, 1, "a", URI.create("http://a:8080")));
        assertThat(b.role.current()).isEqualTo(new Role(false, 1, "a", URI.create("http://a:8080")));
    }

    @Test
    void aLeaseThatIsGivenBackIsTakenWithTheNextEpoch() {
        // given
        Manager a = new Manager("a").started();
        Manager b = new Manager("b").started();

        // when
        a.close();

        // then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(b.role.isActive()).isTrue());
        assertThat(b.role.epoch()).isEqualTo(2);
        assertThat(a.role.isActive()).isFalse();
    }

    @Test
    void theActiveOneKeepsItsLeaseForLongerThanTheLease() throws InterruptedException {
        // given
        Manager a = new Manager("a").started();
        Manager b = new Manager("b").started();
        List<Long> epochs = new ArrayList<>();
        b.role.onChange(now -> epochs.add(now.epoch()));

        // when
        boolean taken = b.role.awaitActive(5_000);

        // then
        assertThat(taken).isFalse();
        assertThat(a.role.isActive()).isTrue();
        assertThat(epochs).containsExactly(1L);
    }

    @Test
    void onlySessionsOfTheActiveOneCanWrite() throws SQLException {
        // given
        Manager a = new Manager("a").started();
        Manager b = new Manager("b").started();

        // when, then
        try (Connection active = a.session();
                Connection standby = b.session()) {
            write(active, "of a");
            assertThatThrownBy(() -> write(standby, "of b")).hasMessageContaining("read-only transaction");
        }
        assertThat(effects()).containsExactly("of a");
    }

    @Test
    void aTransactionOfTheFormerActiveDoesNotCommitAfterATakeover() throws SQLException {
        // given: an active manager that stands still in the middle of a transaction; nobody renews
        Manager b = new Manager("b").started();
        b.close();
        Manager a = new Manager("a");
        a.lease.start();
        try (Connection inTheMiddle = a.session();
                Connection idle = a.session()) {
            inTheMiddle.setAutoCommit(false);
            write(inTheMiddle, "of a");
            standStill(a);

            // when
            Manager c = new Manager("c").started();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(c.role.isActive()).isTrue());

            // then
            assertThatThrownBy(inTheMiddle::commit).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> write(idle, "of a, later")).isInstanceOf(SQLException.class);
            try (Connection afterwards = a.session()) {
                assertThatThrownBy(() -> write(afterwards, "of a, anew")).hasMessageContaining("read-only transaction");
            }
            try (Connection own = c.session()) {
                write(own, "of c");
            }
        }
        assertThat(effects()).containsExactly("of c");
        assertThat(a.role.isActive()).isFalse();
    }

    @Test
    void epochsAreWrittenDown() throws SQLException {
        // given
        new Manager("a").started().close();

        // when
        new Manager("b").started();

        // then
        assertThat(column("SELECT epoch || ' ' || node FROM holdfast_ha.epochs ORDER BY epoch"))
                .containsExactly("1 a", "2 b");
    }

    @Test
    void aLeaseThatOneLateRenewalWouldEndIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DatabaseLease(
                        database.url(),
                        database.username(),
                        database.password(),
                        "a",
                        "a",
                        null,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        NodeRole.inCluster(false)))
                .withMessageContaining("three renewals");
    }

    /** The row runs out as if its holder were stopped: its thread is, and the row keeps its name. */
    private void standStill(Manager stopped) throws SQLException {
        stopped.close();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE holdfast_ha.cluster_lease SET until = clock_timestamp() + interval '1 second'");
        }
    }

    private static void write(Connection connection, String what) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO effects VALUES ('" + what + "')");
        }
    }

    private List<String> effects() throws SQLException {
        return column("SELECT what FROM effects ORDER BY what");
    }

    private List<String> column(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }
}
