package io.holdfast.gateway;

import static io.restassured.RestAssured.given;

import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.restassured.specification.RequestSpecification;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;

/** What tests of the running gateway share: a manager with the tenants and users of the real archive, and ways to call it. */
@QuarkusTestResource(HoldfastResources.class)
@QuarkusTestResource(FakeServices.class)
abstract class GatewayCase {

    private static final String FIXTURE = """
            DELETE FROM access.tokens;
            DELETE FROM access.users WHERE username <> 'admin';
            DELETE FROM access.user_groups; DELETE FROM access.user_group_members; DELETE FROM access.group_tenants;
            DELETE FROM access.user_tenants WHERE username <> 'admin';
            DELETE FROM access.tenants WHERE name <> 'default_tenant';
            UPDATE access.users SET failed_logins = 0, last_failed_login_at = NULL, active = true;
            INSERT INTO access.tenants (name) VALUES ('shared'), ('other');
            INSERT INTO access.users (username, role, password_salt, created_at, password_hash) VALUES
              ('alice', 'default', 'salt123', '2026-11-20T17:32:30.608Z',
               '$pbkdf2-sha256$1000$pfSeM4aQcm5tzbnXundurQ$.P8QVNrMvuv9JBN.sLSiqDoCGY4JTsLrishOsRr/K.g'),
              ('bob', 'default', 'salt123', '2026-11-20T17:32:30.627Z',
               '$pbkdf2-sha256$1000$UUoJYey9VypFCAFAyLl3Tg$Ekr7tLvbAqZSgl1AuaSYw5H.CB44HIvA/FNRemHQoX0'),
              ('root2', 'sys_admin', 'salt123', '2026-11-20T17:32:30.644Z',
               '$pbkdf2-sha256$1000$LsV4T8n5Xyul9N77f48R4g$cdA7IjX8qa5z2XXCB5eERsDIXEE7USueJHUIcUZlnZ8');
            INSERT INTO access.user_tenants VALUES ('alice', 'shared', 'user'), ('alice', 'default_tenant', 'viewer');
            INSERT INTO access.user_groups (name, role) VALUES ('other', 'default');
            INSERT INTO access.user_group_members VALUES ('other', 'bob');
            INSERT INTO access.group_tenants VALUES ('other', 'other', 'manager');
            """;

    @BeforeEach
    void populate() throws SQLException {
        sql(FIXTURE);
    }

    static void sql(String statements) throws SQLException {
        Config config = ConfigProvider.getConfig();
        try (Connection connection = DriverManager.getConnection(
                        config.getValue("holdfast.database.url", String.class),
                        config.getValue("holdfast.database.username", String.class),
                        config.getValue("holdfast.database.password", String.class));
                Statement statement = connection.createStatement()) {
            statement.execute(statements);
        }
    }

    static RequestSpecification as(String username, String password) {
        return given().auth().preemptive().basic(username, password);
    }

    static RequestSpecification admin() {
        return as("admin", FakeServices.ADMIN_PASSWORD).header("Tenant", "default_tenant");
    }

    static RequestSpecification alice() {
        return as("alice", "alice-password");
    }

    static RequestSpecification bob() {
        return as("bob", "bob-password");
    }
}
