package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Sites over the running service. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class SitesIT extends WritesCase {

    private static final String PLACE = "{\"visibility\": \"tenant\", \"location\": \"10.5,20.25\"}";

    @Test
    void aSiteIsMadeMovedAndRenamedWithItsDeployments() throws SQLException {
        // when
        JsonNode made = done(bob.sendJson("PUT", "/sites/cs", PLACE), 200);
        // then
        assertThat(made.get("name").asText()).isEqualTo("cs");
        assertThat(made.get("location").asText()).isEqualTo("10.5, 20.25");
        assertThat(made.get("latitude").asDouble()).isEqualTo(10.5);
        assertThat(made.get("created_by").asText()).isEqualTo("bob");
        // given
        rows.execute(
                "INSERT INTO inventory.deployments (tenant_name, id, site_name) VALUES ('t1', 'd', 'cs'), ('t2', 'd', 'cs')");
        // when
        JsonNode moved = done(eve.sendJson("POST", "/sites/cs", "{\"location\": \"1,2\", \"new_name\": \"cs2\"}"), 200);
        // then
        assertThat(moved.get("name").asText()).isEqualTo("cs2");
        assertThat(moved.get("location").asText()).isEqualTo("1.0, 2.0");
        assertThat(bob.get("/deployments/d").get("site_name").asText()).isEqualTo("cs2");
        assertThat(stranger.get("/deployments/d").get("site_name").asText()).isEqualTo("cs");
        assertThat(done(bob.sendJson("POST", "/sites/cs2", "{\"location\": \"\"}"), 200)
                        .get("location")
                        .isNull())
                .isTrue();
        done(bob.sendJson("DELETE", "/sites/cs2", null), 204);
        assertThat(bob.get("/deployments/d").get("site_name").isNull()).isTrue();
        refused(
                bob.sendJson("DELETE", "/sites/cs2", null),
                404,
                "not_found_error",
                "Requested `Site` with ID `cs2` was not found");
    }

    @Test
    void sitesAreFoundByTheirPlacesAsTheyAreShown() {
        done(bob.sendJson("PUT", "/sites/a", "{\"location\": \"1,2.5\"}"), 200);
        done(bob.sendJson("PUT", "/sites/b", "{\"location\": \"-3.25,2.5\"}"), 200);
        assertThat(bob.texts("/sites?latitude=1.0&_include=name", "name")).containsExactly("a");
        assertThat(bob.texts("/sites?latitude=1&_include=name", "name")).containsExactly("a");
        assertThat(bob.texts("/sites?latitude=-3.25&latitude=7&_include=name", "name"))
                .containsExactly("b");
        assertThat(bob.texts("/sites?longitude=2.5&_sort=name&_include=name", "name"))
                .containsExactly("a", "b");
        assertThat(bob.texts("/sites?latitude=north&_include=name", "name")).isEmpty();
    }

    @Test
    void takenNamesAndWrongPlacesAreRefused() {
        done(bob.sendJson("PUT", "/sites/a", "{}"), 200);
        done(bob.sendJson("PUT", "/sites/b", PLACE), 200);
        refused(
                eve.sendJson("PUT", "/sites/a", PLACE),
                409,
                "conflict_error",
                "<Site id=`a` tenant=`t1`> already exists on <Tenant name=`t1`> or with global visibility");
        refused(
                bob.sendJson("POST", "/sites/a", "{\"new_name\": \"b\"}"),
                409,
                "conflict_error",
                "Invalid new name `b`, it already exists on <Tenant name=`t1`> or with global visibility");
        refused(
                bob.sendJson("POST", "/sites/none", "{\"new_name\": \"b\"}"),
                409,
                "conflict_error",
                "Invalid new name `b`, it already exists on <Tenant name=`t1`> or with global visibility");
        done(bob.sendJson("POST", "/sites/a", "{\"new_name\": \"a\"}"), 200);
        refused(
                bob.sendJson("POST", "/sites/a", "{\"new_name\": \"no name\"}"),
                400,
                "bad_parameters_error",
                "The `new_name` argument contains illegal characters");
        refused(
                bob.sendJson("PUT", "/sites/c", "{\"location\": \"here\"}"),
                400,
                "bad_parameters_error",
                "Invalid location `here`, the format is expected to be");
        refused(
                bob.sendJson("PUT", "/sites/c", "{\"location\": 5}"),
                400,
                "bad_parameters_error",
                "location parameter is expected to be of type str but is of type int");
        refused(
                bob.sendJson("PUT", "/sites/-c", PLACE),
                400,
                "bad_parameters_error",
                "The `name` argument must begin with a letter");
        refused(
                bob.sendJson("PUT", "/sites/c", "{\"created_at\": \"2020-01-01T00:00:00Z\"}"),
                403,
                "forbidden_error",
                "set_timestamp");
        refused(bob.sendJson("PUT", "/sites/c", "{\"created_by\": \"eve\"}"), 403, "forbidden_error", "set_owner");
        refused(
                admin.sendJson("PUT", "/sites/c", "{\"created_at\": \"yesterday\"}"),
                400,
                "bad_parameters_error",
                "created_at is `yesterday`");
        refusesHostileBodies(bob, "PUT", "/sites/c");
        refusesHostileBodies(bob, "POST", "/sites/a");
        assertThat(bob.texts("/sites?_sort=name", "name")).containsExactly("a", "b");
    }

    @Test
    void visibilityIsWidenedAndTenantsAreKeptApart() {
        done(bob.sendJson("PUT", "/sites/p", "{\"visibility\": \"private\"}"), 200);
        refused(eve.sendJson("GET", "/sites/p", null), 404, "not_found_error", "`p` was not found");
        refused(
                eve.sendJson("POST", "/sites/p", "{\"location\": \"1,1\"}"),
                404,
                "not_found_error",
                "`p` was not found");
        done(bob.sendJson("POST", "/sites/p", "{\"visibility\": \"tenant\"}"), 200);
        refused(
                bob.sendJson("POST", "/sites/p", "{\"visibility\": \"private\"}"),
                400,
                "illegal_action_error",
                "Can't set the visibility of `p` to private because it already has wider visibility");
        refused(stranger.sendJson("DELETE", "/sites/p", null), 404, "not_found_error", "`p` was not found");
        refused(
                bob.sendJson("POST", "/sites/p", "{\"visibility\": \"global\"}"),
                403,
                "forbidden_error",
                "create_global_resource");
        done(admin.sendJson("POST", "/sites/p", "{\"visibility\": \"global\"}"), 200);
        assertThat(stranger.get("/sites/p").get("tenant_name").asText()).isEqualTo("t1");
        refused(
                stranger.sendJson("DELETE", "/sites/p", null),
                400,
                "illegal_action_error",
                "Can't modify the global resource `p` from outside its tenant `t1`");
    }
}
