package io.holdfast.gateway;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
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
    void groupsAreToldApartByTheirLettersAlone() {
        String group = "{\"group_name\": \"%s\", \"ldap_group_dn\": %s, \"role\": \"default\"}";
        sending(group.formatted("Ops_1", "\"CN=ops,DC=example\""))
                .post(API + "/user-groups")
                .then()
                .statusCode(201);
        try {
            for (String query : List.of("name=oPS_1", "ldap_dn=cn=OPS,dc=Example", "name=ops_1&name=nosuch")) {
                admin().get(API + "/user-groups?" + query)
                        .then()
                        .statusCode(200)
                        .body("items.name", equalTo(List.of("Ops_1")))
                        .body("metadata.pagination.total", equalTo(1));
            }
            sending(group.formatted("Ops_2", "\"cn=Ops,dc=example\""))
                    .post(API + "/user-groups")
                    .then()
                    .statusCode(409)
                    .body("error_code", equalTo("conflict_error"))
                    .body("message", equalTo("<Group ldap_dn=`cn=Ops,dc=example`> already exists"));
        } finally {
            admin().delete(API + "/user-groups/Ops_1").then().statusCode(204);
        }
    }

    @Test
    void illegalNamesAreRefusedBeforeAnythingIsLookedFor() {
        String illegal =
                " argument contains illegal characters. Only letters, digits and the characters \"-\", \".\" and"
                        + " \"_\" are allowed";
        for (String method : List.of("GET", "DELETE")) {
            refused(
                    admin().request(method, API + "/users/a%20b")
                            .then()
                            .statusCode(400)
                            .body("error_code", equalTo("bad_parameters_error")),
                    "The `username`" + illegal);
            refused(
                    admin().request(method, API + "/users/1b")
                            .then()
                            .statusCode(400)
                            .body("error_code", equalTo("bad_parameters_error")),
                    "The `username` argument must begin with a letter");
            refused(
                    admin().request(method, API + "/user-groups/a%20b")
                            .then()
                            .statusCode(400)
                            .body("error_code", equalTo("bad_parameters_error")),
                    "The `group_name`" + illegal);
        }
        refused(
                admin().delete(API + "/tenants/a%20b")
                        .then()
                        .statusCode(400)
                        .body("error_code", equalTo("bad_parameters_error")),
                "The `tenant_name`" + illegal);
        refused(
                sending("{\"username\": \"a b\", \"group_name\": \"nosuch\"}")
                        .put(API + "/user-groups/users")
                        .then()
                        .statusCode(400)
                        .body("error_code", equalTo("bad_parameters_error")),
                "The `username`" + illegal);
        refused(
                sending("{\"username\": \"a b\", \"tenant_name\": \"other\"}")
                        .delete(API + "/tenants/users")
                        .then()
                        .statusCode(400)
                        .body("error_code", equalTo("bad_parameters_error")),
                "The `username`" + illegal);
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
                sending("{\"rabbitmq_password\": \"\"}")
                        .post(API + "/tenants/users")
                        .then()
                        .statusCode(400),
                "'users' is not allowed as a tenant name because it wouldn't be possible to remove it later due to a conflict"
                        + " with the remove users from tenant endpoint");
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

    /** Before all else that a body says: it is where the caller asks to work. */
    @Test
    void aTenantInABodyMustBeThere() {
        for (String[] request : new String[][] {
            {"PUT", "/tenants/users"}, {"PATCH", "/tenants/users"}, {"DELETE", "/tenants/users"},
            {"PUT", "/tenants/user-groups"}, {"PATCH", "/tenants/user-groups"}, {"DELETE", "/tenants/user-groups"}
        }) {
            sending("{\"tenant_name\": \"nosuch\", \"role\": 5}")
                    .request(request[0], API + request[1])
                    .then()
                    .statusCode(403)
                    .body("error_code", equalTo("forbidden_error"))
                    .body(
                            "message",
                            equalTo("Authorization failed: Tried to authenticate with invalid tenant name: nosuch"));
        }
    }

    @Test
    void theTenantOfTheBodyIsTheOneThatRightsAreAskedIn() {
        // bob is a manager in `other` alone
        admin().put(API + "/permissions/manager/tenant_add_user").then().statusCode(200);
        try {
            bob().header("Tenant", "nosuch")
                    .contentType("application/json")
                    .body("{\"username\": \"alice\", \"tenant_name\": \"other\", \"role\": \"viewer\"}")
                    .put(API + "/tenants/users")
                    .then()
                    .statusCode(200)
                    .body("name", equalTo("other"));
            bob().header("Tenant", "other")
                    .contentType("application/json")
                    .body("{\"username\": \"bob\", \"tenant_name\": \"shared\", \"role\": \"manager\"}")
                    .put(API + "/tenants/users")
                    .then()
                    .statusCode(403)
                    .body(
                            "message",
                            equalTo("User `bob` is not permitted to perform the action tenant_add_user in the tenant"
                                    + " `shared`"));
        } finally {
            admin().delete(API + "/permissions/manager/tenant_add_user").then().statusCode(204);
        }
    }

    /** What a body says of anything but its tenant is nobody's business who may not work there. */
    @Test
    void aTenantInABodyIsLookedForBeforeRights() {
        for (String[] refusal : new String[][] {
            {
                "{\"tenant_name\": \"nosuch\"}",
                "403",
                "Authorization failed: Tried to authenticate with invalid tenant name: nosuch"
            },
            {
                "{\"tenant_name\": \"shared\", \"username\": 5}",
                "403",
                "User `alice` is not permitted to perform the action tenant_remove_user in the tenant `shared`"
            },
            {"{\"tenant_name\": \"\"}", "403", "User `alice` is not permitted to perform the action tenant_remove_user"
            },
            {"{\"username\": \"bob\"}", "400", "Missing tenant_name in json request body"},
            {
                "{\"tenant_name\": null}",
                "400",
                "tenant_name parameter is expected to be of type str but is of type NoneType"
            }
        }) {
            alice().header("Tenant", "shared")
                    .contentType("application/json")
                    .body(refusal[0])
                    .delete(API + "/tenants/users")
                    .then()
                    .statusCode(Integer.parseInt(refusal[1]))
                    .body("message", equalTo(refusal[2]));
        }
        sending("{\"tenant_name\": \"\", \"username\": \"bob\"}")
                .delete(API + "/tenants/users")
                .then()
                .statusCode(400)
                .body("message", equalTo("The `tenant_name` argument is empty"));
    }

    @Test
    void whatABodySaysIsCheckedBeforeUsersAndGroupsAreLookedFor() {
        for (String[] wrong : new String[][] {
            {
                "PUT",
                "/tenants/users",
                "{\"tenant_name\": null, \"username\": 5}",
                "tenant_name parameter is expected to be of type str but is of type NoneType"
            },
            {
                "PATCH",
                "/tenants/users",
                "{\"tenant_name\": \"other\", \"username\": null}",
                "username parameter is expected to be of type str but is of type NoneType"
            },
            {
                "PUT",
                "/tenants/user-groups",
                "{\"tenant_name\": \"other\", \"group_name\": \"g\", \"role\": null}",
                "role parameter is expected to be of type str but is of type NoneType"
            },
            {"PUT", "/tenants/users", "{\"tenant_name\": \"other\"}", "Missing username in json request body"},
            {
                "DELETE",
                "/tenants/users",
                "{\"tenant_name\": \"other\", \"username\": null}",
                "The `username` argument is empty"
            },
            {
                "PUT",
                "/users",
                "{\"username\": \"newone\", \"password\": null, \"role\": \"default\"}",
                "The password is empty"
            },
            {
                "PUT",
                "/user-groups/users",
                "{\"username\": null, \"group_name\": \"g\"}",
                "The `username` argument is empty"
            },
            {
                "POST",
                "/tokens",
                "{\"description\": null}",
                "description parameter is expected to be of type str but is of type NoneType"
            },
            {"POST", "/users/nosuch", "{}", "Neither `password` nor `role` provided"},
            {"POST", "/users/nosuch", "{\"password\": \"\"}", "Neither `password` nor `role` provided"},
            {
                "POST",
                "/users/nosuch",
                "{\"password\": \"abc\"}",
                "The password is too short. Minimum allowed length is 5 characters"
            },
            {
                "POST",
                "/users/nosuch",
                "{\"role\": \"viewer\"}",
                "Role `viewer` is a tenant_role and cannot be assigned as a system_role"
            },
            {"POST", "/users/unlock/1b", "{}", "The `username` argument must begin with a letter"},
            {
                "POST",
                "/user-groups/nosuch",
                "{\"role\": \"viewer\"}",
                "Role `viewer` is a tenant_role and cannot be assigned as a system_role"
            },
            {
                "POST",
                "/user-groups",
                "{\"group_name\": \"a b\", \"role\": \"viewer\"}",
                "Role `viewer` is a tenant_role and cannot be assigned as a system_role"
            },
            {
                "PUT",
                "/tenants/users",
                "{\"username\": \"nosuch\", \"tenant_name\": \"other\", \"role\": \"default\"}",
                "Role `default` is a system_role and cannot be assigned as a tenant_role"
            },
            {
                "PATCH",
                "/tenants/user-groups",
                "{\"group_name\": \"nosuch\", \"tenant_name\": \"other\", \"role\": \"default\"}",
                "Role `default` is a system_role and cannot be assigned as a tenant_role"
            },
        }) {
            sending(wrong[2])
                    .request(wrong[0], API + wrong[1])
                    .then()
                    .statusCode(400)
                    .body("error_code", equalTo("bad_parameters_error"))
                    .body("message", equalTo(wrong[3]));
        }
        admin().get(API + "/config/rest.nosuch").then().statusCode(404).body("message", equalTo("nosuch"));
    }

    @Test
    void permissionsOfRolesAreChangedByAdministratorsAndCountAtOnce() throws SQLException {
        try {
            alice().header("Tenant", "shared").get(API + "/snapshots").then().statusCode(403);
            admin().contentType("application/json")
                    .put(API + "/permissions/user/snapshot_list")
                    .then()
                    .statusCode(200)
                    .body("role", equalTo("user"))
                    .body("permission", equalTo("snapshot_list"));
            alice().header("Tenant", "shared").get(API + "/snapshots").then().statusCode(200);
            admin().put(API + "/permissions/user/snapshot_list")
                    .then()
                    .statusCode(409)
                    .body("error_code", equalTo("conflict_error"));
            alice().put(API + "/permissions/user/user_create")
                    .then()
                    .statusCode(401)
                    .body("error_code", equalTo("unauthorized_error"));
            admin().delete(API + "/permissions/user/snapshot_list").then().statusCode(204);
            alice().header("Tenant", "shared").get(API + "/snapshots").then().statusCode(403);
            refused(
                    admin().delete(API + "/permissions/user/snapshot_list")
                            .then()
                            .statusCode(404),
                    "user does not have snapshot_list");
            refused(
                    admin().put(API + "/permissions/nosuch/snapshot_list")
                            .then()
                            .statusCode(404),
                    "Requested `Role` with ID `nosuch` was not found");
            refused(
                    admin().get(API + "/permissions/nosuch").then().statusCode(404),
                    "Requested `Role` with ID `nosuch` was not found");
            refused(
                    admin().put(API + "/permissions/viewer/blueprint_list")
                            .then()
                            .statusCode(409),
                    "viewer already has permission blueprint_list");
            // Administrators lose nothing by it.
            admin().delete(API + "/permissions/sys_admin/user_list").then().statusCode(204);
            as("root2", "root2-password").get(API + "/users").then().statusCode(200);
        } finally {
            sql(
                    "INSERT INTO access.permissions (role, permission) VALUES ('sys_admin', 'user_list') ON CONFLICT DO NOTHING;"
                            + "DELETE FROM access.permissions WHERE role = 'user' AND permission = 'snapshot_list'");
        }
    }

    @Test
    void aPermissionMayHaveAnyName() {
        String path = API + "/permissions/viewer/{name}";
        String name = "something very unique";
        admin().put(path, name).then().statusCode(200).body("permission", equalTo(name));
        admin().get(API + "/permissions/viewer").then().body("items.permission", hasItem(name));
        admin().delete(path, name).then().statusCode(204);
        admin().get(API + "/permissions/viewer").then().body("items.permission", not(hasItem(name)));
        for (String wrong : List.of(" ", "a\nb", "x".repeat(257))) {
            admin().put(path, wrong).then().statusCode(400).body("error_code", equalTo("bad_parameters_error"));
        }
    }

    @Test
    void theLastAdministratorCannotBeTakenAway() throws SQLException {
        try {
            // given: a restored manager, whose first user is one like all others
            sql("UPDATE access.users SET is_bootstrap_admin = false, role = 'default' WHERE username = 'admin';"
                    + "UPDATE access.users SET role = 'default' WHERE username = 'root2';"
                    + "INSERT INTO access.user_groups (name, role) VALUES ('admins', 'sys_admin');"
                    + "INSERT INTO access.user_group_members VALUES ('admins', 'admin')");
            String none = ": no active administrator would be left";
            // then
            refused(
                    sending("{\"role\": \"default\"}")
                            .post(API + "/user-groups/admins")
                            .then()
                            .statusCode(400),
                    "Can't change the role of group `admins`" + none);
            refused(
                    admin().delete(API + "/user-groups/admins").then().statusCode(400),
                    "Can't delete group `admins`" + none);
            refused(
                    sending("{\"username\": \"admin\", \"group_name\": \"admins\"}")
                            .delete(API + "/user-groups/users")
                            .then()
                            .statusCode(400),
                    "Can't remove user `admin` from group `admins`" + none);
            sending("{\"role\": \"sys_admin\"}")
                    .post(API + "/users/root2")
                    .then()
                    .statusCode(200);
            admin().delete(API + "/user-groups/admins").then().statusCode(204);
            as("root2", "root2-password")
                    .contentType("application/json")
                    .body("{\"role\": \"default\"}")
                    .post(API + "/users/root2")
                    .then()
                    .statusCode(400)
                    .body("message", equalTo("Can't change the role of user `root2`" + none))
                    .body("error_code", equalTo("illegal_action_error"));
            as("root2", "root2-password").get(API + "/users").then().statusCode(200);
        } finally {
            sql("UPDATE access.users SET is_bootstrap_admin = true, role = 'sys_admin' WHERE username = 'admin'");
        }
    }

    @Test
    void aUserIsTakenOverWithItsHashAndTimes() throws SQLException {
        String[] hash = new String[1];
        sending("{\"username\": \"moved0\", \"password\": \"its-password\"}")
                .put(API + "/users")
                .then()
                .statusCode(201);
        hash[0] = admin().get(API + "/users?username=moved0&_include_hash=true")
                .then()
                .extract()
                .path("items[0].password_hash");
        sending(
                        "{\"username\": \"moved\", \"password\": \"" + hash[0]
                                + "\", \"is_prehashed\": true, \"role\": \"default\","
                                + " \"created_at\": \"2020-03-13T04:00:00.000Z\", \"first_login_at\": \"2020-03-14T04:00:00.000Z\"}")
                .put(API + "/users")
                .then()
                .statusCode(201)
                .body("created_at", equalTo("2020-03-13T04:00:00.000Z"))
                .body("first_login_at", equalTo("2020-03-14T04:00:00.000Z"));
        as("moved", "its-password").get(API + "/version").then().statusCode(200);
        sending("{\"username\": \"moved2\", \"password\": \"plain\", \"is_prehashed\": true}")
                .put(API + "/users")
                .then()
                .statusCode(400)
                .body("error_code", equalTo("bad_parameters_error"));
    }

    @Test
    void theNodesOfAClusterAreNotChangedOverTheApi() {
        for (String path : List.of("/managers/m1", "/brokers/b1")) {
            admin().delete(API + path)
                    .then()
                    .statusCode(405)
                    .body("error_code", equalTo("method_not_allowed_error"))
                    .body("message", endsWith("are not removed over this API"));
            sending("{}")
                    .put(API + path)
                    .then()
                    .statusCode(405)
                    .body("message", endsWith("are not changed over this API"));
            alice().delete(API + path).then().statusCode(403);
        }
        for (String path : List.of("/managers", "/brokers")) {
            sending("{}").post(API + path).then().statusCode(405).body("message", endsWith("over this API"));
            alice().body("{}").post(API + path).then().statusCode(403);
        }
    }

    @Test
    void managersFollowTheNodesOfTheDatabaseWithoutBeingTold() {
        sending("{\"action\": \"update\"}")
                .post(API + "/db-nodes")
                .then()
                .statusCode(200)
                .body("items", equalTo(admin().get(API + "/db-nodes").path("items")))
                .body("items.name", hasSize(1))
                .body("metadata.pagination.total", equalTo(1));
        sending("{\"action\": \"add\"}")
                .post(API + "/db-nodes")
                .then()
                .statusCode(400)
                .body("message", equalTo("Invalid action: add, Valid action values are: ['update']"));
        sending("{}")
                .post(API + "/db-nodes")
                .then()
                .statusCode(400)
                .body("error_code", equalTo("bad_parameters_error"));
        alice().body("{\"action\": \"update\"}").post(API + "/db-nodes").then().statusCode(403);
    }

    @Test
    void settingsAreChangedByTheirSchemaAndCountAtOnce() throws SQLException {
        try {
            sending("{\"value\": 0}")
                    .put(API + "/config/rest.failed_logins_before_account_lock")
                    .then()
                    .statusCode(409)
                    .body("error_code", equalTo("conflict_error"))
                    .body(
                            "message",
                            equalTo(
                                    "Error validating rest.failed_logins_before_account_lock: 0 is less than the minimum of 1"));
            for (String wrong : List.of("\"many\"", "\"1.5\"", "\"\"", "1.5", "null", "true", "[1]")) {
                sending("{\"value\": " + wrong + "}")
                        .put(API + "/config/rest.failed_logins_before_account_lock")
                        .then()
                        .statusCode(409)
                        .body("message", endsWith(" is not an integer"));
            }
            as("root2", "root2-password")
                    .contentType("application/json")
                    .body("{\"value\": 1, \"force\": false}")
                    .put(API + "/config/rest.failed_logins_before_account_lock")
                    .then()
                    .statusCode(200)
                    .body("name", equalTo("failed_logins_before_account_lock"))
                    .body("value", equalTo(1))
                    .body("updater_name", equalTo("root2"))
                    .body("updated_at", endsWith("Z"))
                    .body("schema.type", equalTo("integer"))
                    .body("is_editable", equalTo(true));
            admin().get(API + "/config?scope=rest")
                    .then()
                    .statusCode(200)
                    .body("items.find { it.name == 'failed_logins_before_account_lock' }.value", equalTo(1));
            as("alice", "wrong").get(API + "/version").then().statusCode(401);
            as("alice", "wrong").get(API + "/version").then().statusCode(401);
            alice().get(API + "/version").then().statusCode(401);
            admin().get(API + "/users/alice").then().body("is_locked", equalTo(true));
            // Nobody is locked any more.
            sending("{\"value\": -1}")
                    .put(API + "/config/account_lock_period")
                    .then()
                    .statusCode(200);
            admin().get(API + "/users/alice").then().body("is_locked", equalTo(false));
            alice().get(API + "/version").then().statusCode(200);
            sending("{\"value\": -1, \"force\": \"true\"}")
                    .put(API + "/config/account_lock_period")
                    .then()
                    .statusCode(400)
                    .body("message", equalTo("force parameter is expected to be of type bool but is of type str"));
            // The command line sends NAME=VALUE as a text.
            sending("{\"value\": \"3\", \"force\": false}")
                    .put(API + "/config/workflow.task_retries")
                    .then()
                    .statusCode(200)
                    .body("value", equalTo(3));
            admin().get(API + "/provider/context")
                    .then()
                    .body("context.cloudify.workflows.task_retries", equalTo(3))
                    .body("context.cloudify.workflows.task_retry_interval", equalTo(15));
        } finally {
            for (String was :
                    List.of("failed_logins_before_account_lock 4", "account_lock_period 10", "task_retries 60")) {
                sending("{\"value\": " + was.split(" ")[1] + "}").put(API + "/config/" + was.split(" ")[0]);
            }
            sql("DELETE FROM gateway_control.setting");
        }
    }

    @Test
    void settingsLicenseAndContextSayWhatCannotBeChanged() {
        sending("{\"value\": 5}")
                .put(API + "/config/rest.default_page_size")
                .then()
                .statusCode(409)
                .body("message", equalTo("default_page_size is not editable"));
        refused(
                sending("{}").put(API + "/config/default_page_size").then().statusCode(400),
                "Missing value in json request body");
        sending("{\"value\": 5}").put(API + "/config/nosuch").then().statusCode(404);
        alice().body("{\"value\": 5}")
                .put(API + "/config/default_page_size")
                .then()
                .statusCode(403);
        admin().contentType("application/json")
                .body("license: {customer_id: c1}")
                .put(API + "/license")
                .then()
                .statusCode(200)
                .body("expired", equalTo(false));
        admin().delete(API + "/license").then().statusCode(204);
        admin().get(API + "/license-check").then().statusCode(200);
        alice().put(API + "/license").then().statusCode(403);
        sending("{\"name\": \"provider\", \"context\": {}}")
                .post(API + "/provider/context")
                .then()
                .statusCode(409)
                .body("error_code", equalTo("conflict_error"));
        refused(
                sending("{\"name\": \"provider\", \"context\": null}")
                        .post(API + "/provider/context?update=true")
                        .then()
                        .statusCode(400),
                "context parameter is expected to be of type dict but is of type NoneType");
        refused(
                sending("{}")
                        .post(API + "/contacts")
                        .then()
                        .statusCode(404)
                        .body("error_code", equalTo("community_only_error")),
                "This feature exists only in the community edition of Cloudify.");
    }

    @Test
    void providerContextIsReplacedAndThenShownAsItIs() throws Exception {
        String was = admin().get(API + "/provider/context").asString();
        try {
            for (String name : List.of("first", "second")) {
                alice().contentType("application/json")
                        .body("{\"name\": \"" + name + "\", \"context\": {\"cloudify\": {\"here\": [\"" + name
                                + "\"]}}}")
                        .post(API + "/provider/context?update=true")
                        .then()
                        .statusCode(200)
                        .body("", equalTo(Map.of("status", "ok")));
                admin().get(API + "/provider/context")
                        .then()
                        .statusCode(200)
                        .body(
                                "",
                                equalTo(Map.of(
                                        "id",
                                        "CONTEXT",
                                        "name",
                                        name,
                                        "context",
                                        Map.of("cloudify", Map.of("here", List.of(name))))));
            }
        } finally {
            sql("DELETE FROM gateway_control.provider_context");
        }
        admin().get(API + "/provider/context").then().body(equalTo(was));
    }

    private static void refused(ValidatableResponse response, String message) {
        response.body("message", equalTo(message)).body("server_traceback", nullValue());
    }
}
