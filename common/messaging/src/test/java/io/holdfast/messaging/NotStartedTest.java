package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AuthenticationFailureException;
import io.holdfast.contracts.errors.ManagerException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class NotStartedTest {

    private static final String URL = "jdbc:postgresql://db.example:5432/holdfast";

    private static String database(String state, String message, Exception cause) {
        ManagerException said = NotStarted.database(URL, "me", new SQLException(message, state, cause));
        return said.detail() + "; " + said.hint();
    }

    @Test
    void aDatabaseThatIsAwayIsToldFromOneThatRefuses() {
        assertThat(database("08001", "Connection refused. Check that …", new ConnectException("Connection refused")))
                .isEqualTo("no PostgreSQL answers at " + URL + " (Connection refused); start it, or correct the URL");
        assertThat(database("08001", "The connection attempt failed.", new UnknownHostException("db.example")))
                .isEqualTo("no PostgreSQL answers at " + URL
                        + " (the host db.example is not known); start it, or correct the URL");
        assertThat(database("28P01", "FATAL: password authentication failed", null))
                .startsWith("the PostgreSQL at " + URL + " refuses the user me (FATAL: password")
                .endsWith("; correct user and password, or let the server take them (pg_hba.conf)");
        assertThat(database("3D000", "FATAL: database \"holdfast\" does not exist", null))
                .contains("has no database of this name")
                .endsWith("; create it for the user me, or correct the URL");
        assertThat(database("42501", "permission denied", null)).contains("cannot be used (permission denied)");
    }

    @Test
    void aBrokerThatIsAwayIsToldFromOneThatRefuses() {
        String broker = "amqp://me@mq.example:5672/";
        ManagerException away = NotStarted.broker(broker, new ConnectException("Connection refused"));
        ManagerException refusing = NotStarted.broker(broker, new AuthenticationFailureException("ACCESS_REFUSED"));
        assertThat(away.detail() + "; " + away.hint())
                .isEqualTo("no AMQP broker can be used at " + broker
                        + " (Connection refused); start it, or correct the URL");
        assertThat(refusing.detail()).contains(broker + " refuses the user or its password");
    }
}
