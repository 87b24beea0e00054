package io.holdfast.gateway;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** The client's verbs for users, tenants and groups, with the bodies that it sends. */
@QuarkusTest
class AdministrationIT extends GatewayCase {

    private static final String API = "/api/v3.1";

    private static RequestSpecification sending(String body) {
        return admin().contentType("application/json").body(body);
    }

    @Test
    void aUserLivesFromCreationToDeletion() {
        sending("{\"username\": \"cu1\", \"password\": \"password1\", \"role\": \"default\"}")
                .put(API + "/users")
                .then()
                .statusCode(201)
                .body("username", equalTo("cu1"))
                .body("tenants", equalTo(0))
                .body("first_login_at", nullValue());
        admin().contentType("application/json")
                .body("{\"rabbitmq_password\": \"\"}")
                .post(API + "/tenants/ct1")
                .then()
                .statusCode(201)
                .body("name", equalTo("ct1"));
        sending("{\"username\": \"cu1\", \"tenant_name\": \"ct1\", \"role\": \"user\"}")
                .put(API + "/tenants/users")
                .then()
                .statusCode(200)
                .body("users", equalTo(1));
        as("cu1", "password1")
                .header("Tenant", "ct1")
                .get(API + "/blueprints")
                .then()
                .statusCode(200);
        sending("{\"username\": \"cu1\", \"tenant_name\": \"ct1\", \"role\": \"viewer\"}")
                .patch(API + "/tenants/users")
                .then()
                .statusCode(200);
        as("cu1", "password1")
                .header("Tenant", "ct1")
                .delete(API + "/blueprints/b")
                .then()
                .statusCode(403);
        sending("{\"password\": \"password2\"}").post(API + "/users/cu1").then().statusCode(200);
        as("cu1", "password1").get(API + "/version").then().statusCode(401);
        as("cu1", "password2").get(API + "/version").then().statusCode(200);
        sending("{\"role\": \"sys_admin\"}").post(API + "/users/cu1").then().body("role", equalTo("sys_admin"));
        sending("{\"action\": \"deactivate\"}")
                .post(API + "/users/active/cu1")
                .then()
                .body("active", equalTo(false));
        as("cu1", "password2").get(API + "/version").then().statusCode(401);
        sending("{\"action\": \"activate\"}")
                .post(API + "/users/active/cu1")
                .then()
                .body("active", equalTo(true));
        admin().contentType("application/json")
                .post(API + "/users/unlock/cu1")
                .then()
                .statusCode(200);
        sending("{\"username\": \"cu1\", \"tenant_name\": \"ct1\"}")
                .delete(API + "/tenants/users")
                .then()
                .statusCode(204);
        admin().delete(API + "/users/cu1").then().statusCode(204);
        admin().delete(API + "/users/cu1")
                .then()
                .statusCode(404)
                .body("message", equalTo("Requested `User` with ID `cu1` was not found"));
    }

    @Test
    void aGroupLivesFromCreationToDeletion() {
        sending("{\"group_name\": \"cg1\", \"ldap_group_dn\": null, \"role\": \"default\"}")
                .post(API + "/user-groups")
                .then()
                .statusCode(201)
                .body("name", equalTo("cg1"));
        sending("{\"group_name\": \"cg1\", \"tenant_name\": \"other\", \"role\": \"user\"}")
                .put(API + "/tenants/user-groups")
                .then()
                .statusCode(200)
                .body("groups", equalTo(2));
        sending("{\"username\": \"alice\", \"group_name\": \"cg1\"}")
                .put(API + "/user-groups/users")
                .then()
                .statusCode(200)
                .body("users", equalTo(1));
        alice().header("Tenant", "other").get(API + "/blueprints").then().statusCode(200);
        sending("{\"username\": \"alice\", \"group_name\": \"cg1\"}")
                .delete(API + "/user-groups/users")
                .then()
                .statusCode(204);
        alice().header("Tenant", "other").get(API + "/blueprints").then().statusCode(403);
        sending("{\"group_name\": \"cg1\", \"tenant_name\": \"other\"}")
                .delete(API + "/tenants/user-groups")
                .then()
                .statusCode(204);
        admin().delete(API + "/user-groups/cg1").then().statusCode(204);
    }

    @Test
    void mistakesAreToldInTheWordsOfTheApi() throws SQLException {
        refused(
                sending("{\"username\": \"x1\", \"password\": \"abc\"}")
                        .put(API + "/users")
                        .then()
                        .statusCode(400),
                "The password is too short. Minimum allowed length is 5 characters");
        refused(
                sending("{\"username\": \"x1\", \"password\": \"abcde\", \"role\": \"zz\"}")
                        .put(API + "/users")
                        .then()
                        .statusCode(400),
                "Invalid role: `zz`. Valid system_role roles are: ['sys_admin', 'default']");
        refused(
                sending("{\"username\": \"x1\", \"password\": \"abcde\", \"role\": \"viewer\"}")
                        .put(API + "/users")
                        .then()
                        .statusCode(400),
                "Role `viewer` is a tenant_role and cannot be assigned as a system_role");
        refused(
                sending("{\"username\": \"ALICE\", \"password\": \"abcde\"}")
                        .put(API + "/users")
                        .then()
                        .statusCode(409),
                "<User username=`ALICE`> already exists");
        refused(
                sending("{\"password\": \"abcde\"}").put(API + "/users").then().statusCode(400),
                "Missing username in json request body");
        refused(
                sending("{\"username\": 5, \"password\": \"abcde\"}")
                        .put(API + "/users")
                        .then()
                        .statusCode(400),
                "username parameter is expected to be of type str but is of type int");
        refused(
                sending("not json").put(API + "/users").then().statusCode(400),
                "the request body is not JSON: Unrecognized token 'not': was expecting (JSON String, Number, Array, Object"
                        + " or token 'null', 'true' or 'false')");
        refused(
                sending(" ".repeat((1 << 20) + 1)).put(API + "/users").then().statusCode(413),
                "the request body is longer than 1048576 bytes");
        refused(
                admin().post(API + "/tenants/1a").then().statusCode(400),
                "The `tenant_name` argument must begin with a letter");
        refused(
                admin().delete(API + "/users/admin").then().statusCode(400),
                "Can't delete the user `admin` that this manager was made with");
        refused(
                admin().delete(API + "/tenants/default_tenant").then().statusCode(400),
                "Can't delete the default tenant `default_tenant`");
        // The fake services know no counts, and the scheduler is down: nothing is deleted on silence.
        admin().delete(API + "/tenants/shared").then().statusCode(503).body("message", containsString("scheduler"));
        admin().get(API + "/tenants/shared").then().statusCode(200);
    }

    private static void refused(ValidatableResponse response, String message) {
        response.body("message", equalTo(message)).body("server_traceback", nullValue());
    }
}
