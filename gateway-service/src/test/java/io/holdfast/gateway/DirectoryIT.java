package io.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Users, tenants, groups and permissions as clients of a real manager read them; the expected objects are such answers. */
@QuarkusTest
class DirectoryIT extends GatewayCase {

    private static final String API = "/api/v3.1";

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    private static JsonNode get(String path) {
        return json(admin().get(API + path).then().statusCode(200).extract().asString());
    }

    @Test
    void aUserWithDirectRolesIsShownAsTheRealManagerDoes() {
        assertThat(get("/users/alice?_get_data=True")).isEqualTo(json("""
                {"active": true, "created_at": "2026-11-20T17:32:30.608Z", "first_login_at": null, "group_system_roles": {},
                 "groups": [], "is_locked": false, "last_login_at": null, "password_hash": null, "role": "default",
                 "show_getting_started": true,
                 "tenant_roles": {"direct": {"default_tenant": "viewer", "shared": "user"}, "groups": {}},
                 "tenants": {"default_tenant": {"roles": ["viewer"], "tenant-role": "viewer"},
                             "shared": {"roles": ["user"], "tenant-role": "user"}},
                 "username": "alice"}
                """));
    }

    @Test
    void aUserWithRolesByAGroupIsShownAsTheRealManagerDoes() {
        assertThat(get("/users/bob?_get_data=True")).isEqualTo(json("""
                {"active": true, "created_at": "2026-11-20T17:32:30.627Z", "first_login_at": null,
                 "group_system_roles": {"default": ["other"]}, "groups": ["other"], "is_locked": false,
                 "last_login_at": null, "password_hash": null, "role": "default", "show_getting_started": true,
                 "tenant_roles": {"direct": {}, "groups": {"other": {"manager": ["other"]}}},
                 "tenants": {"other": {"roles": ["manager"], "tenant-role": null}}, "username": "bob"}
                """));
    }

    @Test
    void withoutDataThereAreNumbers() {
        admin().get(API + "/users?_get_data=False&_offset=0&_size=1000&_sort=username")
                .then()
                .statusCode(200)
                .body("items.username", contains("admin", "alice", "bob", "root2"))
                .body("items.tenants", contains(1, 2, 1, 0))
                .body("items.groups", contains(0, 0, 1, 0))
                .body("items.tenant_roles", contains(nullValue(), nullValue(), nullValue(), nullValue()))
                .body("items.group_system_roles", hasSize(4))
                .body("items.password_hash", contains(nullValue(), nullValue(), nullValue(), nullValue()))
                .body("metadata.pagination.total", equalTo(4))
                .body("metadata.pagination.size", equalTo(1000))
                .body("metadata.pagination.offset", equalTo(0));
        admin().get(API + "/users?_include_hash=true&_include=username&_sort=username")
                .then()
                .body("items.username", contains("admin", "alice", "bob", "root2"))
                .body("items.password_hash", everyItem(startsWith("$pbkdf2-sha256$")));
        admin().get(API + "/users?_include_hash=true&_search=ALI&_include=password_hash")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].size()", equalTo(1))
                .body(
                        "items[0].password_hash",
                        equalTo(
                                "$pbkdf2-sha256$1000$pfSeM4aQcm5tzbnXundurQ$.P8QVNrMvuv9JBN.sLSiqDoCGY4JTsLrishOsRr/K.g"));
    }

    @Test
    void everybodySeesThemselves() {
        bob().get(API + "/user?_get_data=true")
                .then()
                .statusCode(200)
                .body("username", equalTo("bob"))
                .body("groups", contains("other"));
    }

    /** Tenants have no broker accounts of their own here. */
    @Test
    void brokerAccountsOfTenantsAreNullAlsoWhereTheyAreAskedFor() {
        Map<String, Object> none = new HashMap<>();
        none.put("rabbitmq_username", null);
        none.put("rabbitmq_password", null);
        none.put("rabbitmq_vhost", null);
        String include = "?_include=rabbitmq_username,rabbitmq_password,rabbitmq_vhost";
        admin().get(API + "/tenants" + include).then().statusCode(200).body("items", everyItem(equalTo(none)));
        admin().get(API + "/tenants/other" + include).then().statusCode(200).body("", equalTo(none));
    }

    @Test
    void tenantsAreShownAsTheRealManagerDoes() {
        assertThat(get("/tenants/other?_get_data=True")).isEqualTo(json("""
                {"name": "other", "rabbitmq_username": null, "rabbitmq_password": null, "rabbitmq_vhost": null,
                 "groups": {"other": "manager"}, "users": {"bob": {"roles": ["manager"], "tenant-role": null}},
                 "user_roles": {"direct": {}, "groups": {"other": {"role": "manager", "users": ["bob"]}}}}
                """));
        assertThat(get("/tenants/default_tenant?_get_data=False")).isEqualTo(json("""
                {"name": "default_tenant", "rabbitmq_username": null, "rabbitmq_password": null, "rabbitmq_vhost": null,
                 "groups": 0, "users": 2, "user_roles": null}
                """));
    }

    @Test
    void usersSeeTheirTenantsAdministratorsAll() {
        admin().get(API + "/tenants?_sort=name")
                .then()
                .body("items.name", contains("default_tenant", "other", "shared"));
        alice().get(API + "/tenants?_sort=-name").then().body("items.name", contains("shared", "default_tenant"));
        alice().get(API + "/tenants?_get_data=true")
                .then()
                .statusCode(403)
                .body("message", equalTo("User `alice` is not permitted to perform the action tenant_list_get_data"));
        alice().get(API + "/tenants/shared").then().statusCode(200);
        alice().get(API + "/tenants/other").then().statusCode(403);
    }

    @Test
    void groupsAreShownAsTheRealManagerDoes() {
        assertThat(get("/user-groups?_get_data=True").get("items").get(0)).isEqualTo(json("""
                {"ldap_dn": null, "name": "other", "role": "default", "tenants": {"other": "manager"}, "users": ["bob"]}
                """));
        admin().get(API + "/user-groups/other").then().body("users", equalTo(1)).body("tenants", equalTo(1));
    }

    @Test
    void permissionsAreForAdministrators() {
        admin().get(API + "/permissions?_size=5")
                .then()
                .statusCode(200)
                .body("items", hasSize(5))
                .body("metadata.pagination.total", equalTo(844));
        admin().get(API + "/permissions/viewer?permission=blueprint_list")
                .then()
                .body("items.role", contains("viewer"))
                .body("items.permission", contains("blueprint_list"));
        alice().get(API + "/permissions").then().statusCode(401);
    }

    @Test
    void errorsOfTheGatewaysOwnResourcesHaveTheShapeOfTheApi() {
        assertThat(json(admin().get(API + "/users/nosuch")
                        .then()
                        .statusCode(404)
                        .extract()
                        .asString()))
                .isEqualTo(json("""
                {"message": "Requested `User` with ID `nosuch` was not found", "error_code": "not_found_error",
                 "server_traceback": null}
                """));
        admin().get(API + "/users?_sort=nosuch")
                .then()
                .statusCode(400)
                .body("error_code", equalTo("bad_parameters_error"));
        admin().get(API + "/users?_include=nosuch")
                .then()
                .statusCode(400)
                .body("error_code", equalTo("no_such_include_field_error"));
        admin().accept("application/problem+json")
                .get(API + "/users/nosuch")
                .then()
                .statusCode(404)
                .contentType("application/problem+json");
    }

    @Test
    void theManagerSaysWhatClientsNeedToKnow() {
        admin().get("/api/version")
                .then()
                .statusCode(200)
                .body("edition", equalTo("premium"))
                .body("version", equalTo("7.1.0"))
                .body("product", equalTo("Holdfast"));
        admin().get(API + "/license-check").then().statusCode(200).body(equalTo("\"OK\""));
        admin().get(API + "/license").then().body("items", hasSize(1)).body("metadata.pagination.total", equalTo(1));
        admin().get(API + "/idp").then().body(equalTo("\"local\""));
        admin().get(API + "/ldap").then().body(equalTo("\"disabled\""));
        admin().contentType("application/json")
                .body("{\"ldap_server\": \"ldap://192.0.2.1:389\", \"ldap_domain\": \"example\"}")
                .post(API + "/ldap")
                .then()
                .statusCode(405)
                .body("error_code", equalTo("method_not_allowed_error"))
                .body("message", startsWith("LDAP is not supported: users and their passwords are the manager's own"));
        admin().get(API + "/provider/context").then().body("context.cloudify.workflows.task_retries", equalTo(60));
        for (String list : new String[] {"managers", "brokers", "db-nodes"}) {
            admin().get(API + "/" + list)
                    .then()
                    .statusCode(200)
                    .body("items", hasSize(1))
                    .body("metadata.pagination.total", equalTo(1));
        }
        for (String one : new String[] {
            "managers",
            "brokers",
            "db-nodes",
            "license",
            "provider/context",
            "version",
            "config/rest.account_lock_period"
        }) {
            admin().get(API + "/" + one + "?_include=colour")
                    .then()
                    .statusCode(400)
                    .body("error_code", equalTo("no_such_include_field_error"))
                    .body("message", startsWith("Include keys '['colour']' do not exist. Allowed keys are: ['"));
        }
        admin().get(API + "/managers?_include=hostname,version")
                .then()
                .body("items[0].keySet()", containsInAnyOrder("hostname", "version"));
        admin().get(API + "/version?_include=edition").then().body("", equalTo(Map.of("edition", "premium")));
        admin().get(API + "/config/rest.account_lock_period?_include=scope")
                .then()
                .body("", equalTo(Map.of("scope", "rest")));
        admin().get(API + "/provider/context?_include=name").then().body("", equalTo(Map.of("name", "provider")));
        admin().get(API + "/managers").then().body("items[0].public_ip", equalTo("127.0.0.1"));
        admin().get(API + "/brokers").then().body("items[0].host", equalTo("127.0.0.1"));
        admin().get(API + "/config?scope=rest")
                .then()
                .statusCode(200)
                .body("items.name", hasItem("default_page_size"))
                .body("authorization", nullValue());
        admin().get(API + "/config")
                .then()
                .body("authorization.roles.name", hasItem("sys_admin"))
                .body("authorization.permissions.snapshot_create", contains("sys_admin"));
        admin().get(API + "/config/rest.default_page_size").then().body("value", equalTo(1000));
    }

    @Test
    void theStatusNamesWhatIsDown() {
        admin().get(API + "/status")
                .then()
                .statusCode(200)
                .body("status", equalTo("Fail"))
                .body("services.Scheduler.status", equalTo("Inactive"))
                .body("services.Gateway.status", equalTo("Active"))
                .body("services.PostgreSQL.status", equalTo("Active"))
                .body("services.Gateway.is_remote", equalTo(false));
        admin().get(API + "/cluster-status?summary=False")
                .then()
                .statusCode(200)
                .body("services.keySet()", containsInAnyOrder("manager", "db", "broker"))
                .body("services.db.status", equalTo("OK"))
                .body("services.manager.nodes.holdfast.failures", hasItem("Scheduler does not answer"));
        admin().get(API + "/cluster-status?summary=true").then().statusCode(500).body("status", equalTo("Fail"));
    }

    @Test
    void theFirstStartMadeTheManager() {
        admin().get(API + "/users/admin?_get_data=true")
                .then()
                .body("role", equalTo("sys_admin"))
                .body("tenant_roles.direct.default_tenant", equalTo("user"))
                .body("last_login_at.length()", equalTo(24));
    }
}
