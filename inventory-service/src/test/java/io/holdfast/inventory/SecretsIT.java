package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.listing.AnswerMemory;
import io.holdfast.testsupport.HoldfastResources;
import io.holdfast.testsupport.Logged;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Secrets and their providers over the running service. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class SecretsIT extends WritesCase {

    private static final String CREATE = "{\"value\": \"cv\", \"update_if_exists\": false, \"is_hidden_value\": false,"
            + " \"visibility\": \"tenant\"}";

    private void create(Api api, String key, String more) {
        done(api.sendJson("PUT", "/secrets/" + key, "{\"value\": \"v-" + key + "\"" + more + "}"), 200);
    }

    // --- create, read, change, delete

    @Test
    void theFirstSecretOfAManagerIsKeptSealedAndComesBack() throws SQLException {
        // when
        JsonNode made = done(bob.sendJson("PUT", "/secrets/ck", CREATE), 200);
        // then
        assertThat(made.get("key").asText()).isEqualTo("ck");
        assertThat(made.get("value").isNull()).isTrue();
        assertThat(made.get("created_by").asText()).isEqualTo("bob");
        assertThat(made.get("private_resource").asBoolean(true)).isFalse();
        assertThat(made.get("resource_availability").asText()).isEqualTo("tenant");
        assertThat(eve.get("/secrets/ck").get("value").asText()).isEqualTo("cv");
        assertThat(eve.get("/secrets/ck?_skip_value=true").get("value").isNull())
                .isTrue();
        assertThat(bob.items("/secrets?_sort=key").get(0).has("value")).isFalse();
        try (Statement statement = rows.connection().createStatement();
                ResultSet row = statement.executeQuery("SELECT value_enc FROM inventory.secrets")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).startsWith("hf1:").doesNotContain("cv");
        }
    }

    @Test
    void takenKeysAreRefusedUnlessTheSecretIsToBeUpdated() {
        create(bob, "k", "");
        refused(
                eve.sendJson("PUT", "/secrets/k", CREATE),
                409,
                "conflict_error",
                "<Secret id=`k` tenant=`t1`> already exists on <Tenant name=`t1`> or with global visibility");
        done(eve.sendJson("PUT", "/secrets/k", "{\"value\": \"new\", \"update_if_exists\": \"True\"}"), 200);
        assertThat(bob.get("/secrets/k").get("value").asText()).isEqualTo("new");
        assertThat(bob.get("/secrets/k").get("created_by").asText()).isEqualTo("bob");
        // Another tenant has keys of its own.
        create(stranger, "k", "");
        assertThat(bob.get("/secrets/k").get("value").asText()).isEqualTo("new");
    }

    @Test
    void missingEmptyAndWrongParametersAreRefused() {
        refused(
                bob.sendJson("PUT", "/secrets/k", "{}"),
                400,
                "bad_parameters_error",
                "Missing value in json request body");
        for (String empty : new String[] {"\"\"", "null", "0", "false", "[]", "{}"}) {
            refused(
                    bob.sendJson("PUT", "/secrets/k", "{\"value\": " + empty + "}"),
                    400,
                    "bad_parameters_error",
                    "Cannot create a secret with empty value or provider: k");
        }
        refused(
                bob.sendJson("PUT", "/secrets/1k", CREATE),
                400,
                "bad_parameters_error",
                "The `key` argument must begin with a letter");
        refused(
                bob.sendJson("PUT", "/secrets/a%20b", CREATE),
                400,
                "bad_parameters_error",
                "contains illegal characters");
        refused(bob.sendJson("PUT", "/secrets/" + "k".repeat(257), CREATE), 400, "bad_parameters_error", "is too long");
        refused(
                bob.sendJson("PUT", "/secrets/k", "{\"value\": \"v\", \"is_hidden_value\": \"maybe\"}"),
                400,
                "bad_parameters_error",
                "is_hidden_value must be <true/false>, got maybe");
        refused(
                bob.sendJson("PUT", "/secrets/k", "{\"value\": \"v\", \"visibility\": \"wide\"}"),
                400,
                "bad_parameters_error",
                "Invalid visibility: `wide`. Valid visibility's values are: ['private', 'tenant', 'global']");
        refused(
                bob.sendJson("PUT", "/secrets/k", "{\"value\": \"v\", \"visibility\": 5}"),
                400,
                "bad_parameters_error",
                "visibility parameter is expected to be of type str but is of type int");
        refused(
                bob.sendJson("PUT", "/secrets/k", "{\"value\": \"v\", \"schema\": \"text\"}"),
                400,
                "bad_parameters_error",
                "schema parameter is expected to be of type dict but is of type str");
        refused(
                bob.sendJson("PUT", "/secrets/k", "{\"value\": \"v\", \"provider_name\": \"none\"}"),
                404,
                "not_found_error",
                "Requested `SecretsProvider` with ID `none` was not found");
        refusesHostileBodies(bob, "PUT", "/secrets/k");
        create(bob, "k", "");
        refusesHostileBodies(bob, "PATCH", "/secrets/k");
        refusesHostileBodies(bob, "PATCH", "/secrets/k/set-visibility");
        refusesHostileBodies(bob, "POST", "/secrets/share/import");
        assertThat(bob.texts("/secrets", "key")).containsExactly("k");
    }

    @Test
    void changesAreMadeAndEmptyOnesRefused() {
        create(bob, "k", "");
        JsonNode changed =
                done(bob.sendJson("PATCH", "/secrets/k", "{\"value\": \"cv2\", \"provider_options\": {}}"), 200);
        assertThat(changed.get("value").isNull()).isTrue();
        assertThat(bob.get("/secrets/k").get("value").asText()).isEqualTo("cv2");
        refused(
                bob.sendJson("PATCH", "/secrets/k", "{}"),
                400,
                "illegal_action_error",
                "Update a secret request must include at least one parameter to update");
        refused(
                bob.sendJson("PATCH", "/secrets/none", "{\"value\": \"v\"}"),
                404,
                "not_found_error",
                "Requested `Secret` with ID `none` was not found");
        refused(bob.sendJson("PATCH", "/secrets/k", "{\"creator\": \"eve\"}"), 403, "forbidden_error", "set_owner");
        refused(
                admin.sendJson("PATCH", "/secrets/k", "{\"creator\": \"nobody\"}"),
                400,
                "bad_parameters_error",
                "User nobody does not exist.");
        done(admin.sendJson("PATCH", "/secrets/k", "{\"creator\": \"eve\"}"), 200);
        assertThat(bob.get("/secrets/k").get("created_by").asText()).isEqualTo("eve");
        done(bob.sendJson("DELETE", "/secrets/k", null), 204);
        refused(
                bob.sendJson("DELETE", "/secrets/k", null),
                404,
                "not_found_error",
                "Requested `Secret` with ID `k` was not found");
    }

    @Test
    void hiddenValuesAreForTheirCreatorAndAdministrators() {
        create(bob, "k", ", \"is_hidden_value\": true");
        assertThat(eve.get("/secrets/k").get("value").asText()).isEmpty();
        for (Api may : new Api[] {bob, boss, admin}) {
            assertThat(may.get("/secrets/k").get("value").asText()).isEqualTo("v-k");
        }
        String refusal = "User `eve` is not permitted to modify the hidden value secret `k`";
        refused(eve.sendJson("PATCH", "/secrets/k", "{\"value\": \"v\"}"), 403, "forbidden_error", refusal);
        refused(
                eve.sendJson("PUT", "/secrets/k", "{\"value\": \"v\", \"update_if_exists\": true}"),
                403,
                "forbidden_error",
                refusal);
        refused(eve.sendJson("DELETE", "/secrets/k", null), 403, "forbidden_error", refusal);
        done(boss.sendJson("PATCH", "/secrets/k", "{\"is_hidden_value\": false}"), 200);
        assertThat(eve.get("/secrets/k").get("value").asText()).isEqualTo("v-k");
        refused(
                eve.sendJson("PATCH", "/secrets/k", "{\"is_hidden_value\": true}"),
                403,
                "forbidden_error",
                "User `eve` is not permitted to modify the secret `k` to be hidden value");
    }

    // --- tenants and visibility

    @Test
    void privateAndOtherTenantsSecretsAreNotThere() {
        create(bob, "p", ", \"visibility\": \"private\"");
        create(bob, "t", "");
        for (String method : new String[] {"GET", "DELETE"}) {
            refused(
                    eve.sendJson(method, "/secrets/p", null),
                    404,
                    "not_found_error",
                    "Requested `Secret` with ID `p` was not found");
            refused(
                    stranger.sendJson(method, "/secrets/t", null),
                    404,
                    "not_found_error",
                    "Requested `Secret` with ID `t` was not found");
        }
        refused(
                stranger.sendJson("PATCH", "/secrets/t", "{\"value\": \"v\"}"),
                404,
                "not_found_error",
                "`t` was not found");
        refused(eve.sendJson("PUT", "/secrets/p", CREATE), 409, "conflict_error", "already exists");
        assertThat(eve.texts("/secrets", "key")).containsExactly("t");
        assertThat(boss.texts("/secrets", "key")).containsExactlyInAnyOrder("p", "t");
        assertThat(boss.get("/secrets/p").get("value").asText()).isEqualTo("v-p");
        assertThat(boss.get("/secrets/share/export").findValuesAsText("key")).containsExactlyInAnyOrder("p", "t");
        assertThat(eve.get("/secrets/share/export").findValuesAsText("key")).containsExactly("t");
        assertThat(stranger.items("/secrets?_all_tenants=true")).isEmpty();
        done(bob.sendJson("PATCH", "/secrets/p/set-visibility", "{\"visibility\": \"tenant\"}"), 200);
        assertThat(eve.get("/secrets/p").get("value").asText()).isEqualTo("v-p");
    }

    @Test
    void globalSecretsAreAloneWithTheirKeyAndBelongToTheirTenant() {
        create(bob, "g", "");
        create(stranger, "h", "");
        refused(
                bob.sendJson("PATCH", "/secrets/g/set-visibility", "{\"visibility\": \"global\"}"),
                403,
                "forbidden_error",
                "create_global_resource");
        refused(
                bob.sendJson("PUT", "/secrets/x", "{\"value\": \"v\", \"visibility\": \"global\"}"),
                403,
                "forbidden_error",
                "create_global_resource");
        JsonNode made = done(admin.sendJson("PATCH", "/secrets/g/set-visibility", "{\"visibility\": \"global\"}"), 200);
        assertThat(made.get("visibility").asText()).isEqualTo("global");
        assertThat(stranger.get("/secrets/g").get("tenant_name").asText()).isEqualTo("t1");
        refused(
                stranger.sendJson("PUT", "/secrets/g", CREATE),
                409,
                "conflict_error",
                "<Secret id=`g` tenant=`t2`> already exists on <Tenant name=`t2`>");
        refused(
                stranger.sendJson("DELETE", "/secrets/g", null),
                400,
                "illegal_action_error",
                "Can't modify the global resource `g` from outside its tenant `t1`");
        refused(
                other.sendJson("PATCH", "/secrets/g", "{\"value\": \"v\"}"),
                400,
                "illegal_action_error",
                "Can't modify the global resource");
        refused(
                stranger.sendJson("PUT", "/secrets/g", "{\"value\": \"v\", \"update_if_exists\": true}"),
                400,
                "illegal_action_error",
                "Can't modify");
        refused(
                admin.sendJson("PUT", "/secrets/h", "{\"value\": \"v\", \"visibility\": \"global\"}"),
                409,
                "conflict_error",
                "Can't set or create the resource <Secret id=`h` tenant=`t1`>, its visibility can't be global because it also exists in other tenants");
        refused(
                admin.sendJson("PATCH", "/secrets/g", "{\"visibility\": \"tenant\"}"),
                400,
                "illegal_action_error",
                "Can't set the visibility of `g` to tenant because it already has wider visibility");
        refused(
                admin.sendJson("PATCH", "/secrets/g/set-visibility", "{\"visibility\": \"private\"}"),
                400,
                "bad_parameters_error",
                "Invalid visibility: `private`. Valid visibility's values are: ['tenant', 'global']");
        refused(
                admin.sendJson("PATCH", "/secrets/g/set-visibility", "{}"),
                400,
                "bad_parameters_error",
                "Missing visibility in json request body");
    }

    // --- schemas

    @Test
    void aValueFitsItsSchemaNowAndLater() {
        String schema =
                ", \"schema\": {\"type\": \"object\", \"properties\": {\"port\": {\"type\": \"integer\"}}, \"required\": [\"port\"]}";
        JsonNode made = done(bob.sendJson("PUT", "/secrets/k", "{\"value\": {\"port\": 80}" + schema + "}"), 200);
        assertThat(bob.get("/secrets/k").at("/value/port").asInt()).isEqualTo(80);
        assertThat(made.at("/schema/type").asText()).isEqualTo("object");
        refused(
                bob.sendJson("PUT", "/secrets/l", "{\"value\": {\"port\": \"http\"}" + schema + "}"),
                409,
                "conflict_error",
                "Error validating secret value: ");
        refused(
                bob.sendJson("PATCH", "/secrets/k", "{\"value\": \"text\"}"),
                409,
                "conflict_error",
                "Error validating secret value: ");
        done(bob.sendJson("PATCH", "/secrets/k", "{\"value\": {\"port\": 81}}"), 200);
        assertThat(bob.get("/secrets/k").at("/value/port").asInt()).isEqualTo(81);
        assertThat(bob.texts("/secrets", "key")).containsExactly("k");
    }

    @Test
    void hostileSchemasAreRefusedAndFetchNothing() throws IOException {
        // given
        int[] asked = new int[1];
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked[0]++;
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/s";
            for (String schema : new String[] {
                "{\"$ref\": \"" + url + "\"}",
                "{\"$schema\": \"" + url + "\"}",
                "{\"type\": 5}",
                "{\"pattern\": \"(\"}",
                "{\"pattern\": \"^(a+)+$\"}",
                "{\"properties\": 5}"
            }) {
                // when
                int status = bob.sendJson(
                                "PUT",
                                "/secrets/k",
                                "{\"value\": \"" + "a".repeat(40) + "!\", \"schema\": " + schema + "}")
                        .statusCode();
                // then
                assertThat(status).as(schema).isIn(400, 409);
            }
        } finally {
            server.stop(0);
        }
        assertThat(asked[0]).isZero();
        assertThat(bob.items("/secrets")).isEmpty();
    }

    @Test
    void aPatternThatIsNoneIsToldToItsUserAndNotToTheLog() {
        for (String draft : new String[] {"", "\"$schema\": \"http://json-schema.org/draft-07/schema#\", "}) {
            try (Logged library = Logged.by("com.networknt");
                    Logged ours = Logged.by("io.holdfast")) {
                // when
                Response refusal = bob.sendJson(
                        "PUT", "/secrets/k", "{\"value\": \"a\", \"schema\": {" + draft + "\"pattern\": \"(\"}}");
                // then
                assertThat(refusal.statusCode()).isEqualTo(400);
                assertThat(refusal.asString())
                        .contains("the secret's schema is not usable")
                        .contains("Unclosed group");
                assertThat(library.lines()).isEmpty();
                assertThat(ours.lines()).isEmpty();
            }
        }
    }

    // --- export and import

    private static ObjectNode request(JsonNode secrets) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.set("secrets_list", secrets);
        request.put("override_collisions", false);
        return request;
    }

    @Test
    void whatDoesNotFitIntoMemoryIsNotExported() {
        // given: 3 MiB each, counted twice, and 10 MiB that are left for long answers; what is light is not counted
        String value = "x".repeat(3 << 20);
        for (String key : List.of("a", "b", "c")) {
            done(bob.sendJson("PUT", "/secrets/" + key, "{\"value\": \"" + value + "\"}"), 200);
        }
        long all = Runtime.getRuntime().maxMemory() / 5 * 2;
        AnswerMemory others = new AnswerMemory();
        others.take(all - AnswerMemory.inUse() - (10 << 20), 1);
        try {
            // when, then
            JsonNode refused = done(bob.response("/secrets/share/export"), 503);
            assertThat(refused.get("error_code").asText()).isEqualTo("service_unavailable_error");
            assertThat(refused.get("detail").asText()).contains("for fewer items (filters)");
            assertThat(done(bob.response("/secrets/share/export?key=b"), 200).findValuesAsText("key"))
                    .containsExactly("b");
        } finally {
            others.giveBack();
        }
        assertThat(bob.get("/secrets/share/export").findValuesAsText("key")).containsExactly("a", "b", "c");
    }

    @Test
    void whatIsExportedUnderAPassphraseIsTakenInUnderIt() {
        // given
        create(bob, "a", "");
        done(bob.sendJson("PUT", "/secrets/b", "{\"value\": {\"x\": 1}, \"schema\": {\"type\": \"object\"}}"), 200);
        create(bob, "h", ", \"is_hidden_value\": true");
        create(stranger, "s", "");
        // when
        ArrayNode plain = (ArrayNode) eve.get("/secrets/share/export?_all_tenants=False");
        ArrayNode closed = (ArrayNode) bob.get("/secrets/share/export?_passphrase=open%20sesame");
        // then
        assertThat(plain.findValuesAsText("key")).containsExactly("a", "b");
        assertThat(plain.get(0).get("value").asText()).isEqualTo("v-a");
        assertThat(plain.get(0).get("encrypted").asBoolean(true)).isFalse();
        assertThat(closed.findValuesAsText("key")).containsExactly("a", "b", "h");
        // In quotation marks: what is encrypted may have these letters by chance.
        assertThat(closed.toString()).doesNotContain("\"v-a\"").contains("\"encrypted\":true");
        assertThat(admin.get("/secrets/share/export?_all_tenants=true").findValuesAsText("key"))
                .containsExactly("a", "b", "h", "s");
        // when
        ObjectNode request = request(closed);
        request.put("passphrase", "open sesame");
        request.putObject("tenant_map").put("t1", "t2");
        JsonNode answer = done(other.sendJson("POST", "/secrets/share/import", request.toString()), 200);
        // then
        assertThat(answer.toString()).isEqualTo("{\"colliding_secrets\":{},\"secrets_errors\":{}}");
        assertThat(other.get("/secrets/a").get("value").asText()).isEqualTo("v-a");
        assertThat(other.get("/secrets/b").at("/value/x").asInt()).isEqualTo(1);
        assertThat(other.get("/secrets/h").get("is_hidden_value").asBoolean()).isTrue();
    }

    @Test
    void anExportHoldsTheFieldsThatAreAskedFor() {
        // given
        done(bob.sendJson("PUT", "/secrets/b", "{\"value\": {\"x\": 1}, \"schema\": {\"type\": \"object\"}}"), 200);
        // then
        assertThat(fields("_include=key,tenant_name,nosuch")).containsExactly("key", "tenant_name");
        assertThat(fields("_include=key&_passphrase=open")).containsExactly("key");
        assertThat(fields("_include=key,is_hidden_value,created_at")).containsExactly("key", "is_hidden_value");
        assertThat(fields("_include=key,creator,created_at&_include_metadata=true"))
                .containsExactly("key", "creator", "created_at");
        assertThat(fields("_include=key,value")).containsExactly("key", "value", "schema");
        assertThat(fields("_include=key,value&_passphrase=open"))
                .containsExactly("key", "value", "encrypted", "schema");
        assertThat(bob.get("/secrets/share/export?_include=value&_passphrase=open")
                        .at("/0/value")
                        .asText())
                .doesNotContain("{");
    }

    private List<String> fields(String query) {
        List<String> names = new ArrayList<>();
        bob.get("/secrets/share/export?" + query).get(0).fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void collidingSecretsAreToldOfAndOverriddenOnDemand() {
        create(bob, "a", "");
        ArrayNode list = (ArrayNode) bob.get("/secrets/share/export");
        ((ObjectNode) list.get(0)).put("value", "from elsewhere");
        JsonNode answer =
                done(bob.sendJson("POST", "/secrets/share/import", request(list).toString()), 200);
        assertThat(answer.at("/colliding_secrets/t1/0").asText()).isEqualTo("a");
        assertThat(bob.get("/secrets/a").get("value").asText()).isEqualTo("v-a");
        done(
                bob.sendJson(
                        "POST",
                        "/secrets/share/import",
                        request(list).put("override_collisions", true).toString()),
                200);
        assertThat(bob.get("/secrets/a").get("value").asText()).isEqualTo("from elsewhere");
    }

    @Test
    void anImportDoesNotOverrideWhatItsCallerMayNotChange() {
        // given
        create(bob, "h", ", \"is_hidden_value\": true");
        create(bob, "p", ", \"visibility\": \"private\"");
        String request = request(bob.get("/secrets/share/export"))
                .put("override_collisions", true)
                .toString()
                .replace("v-h", "stolen")
                .replace("v-p", "stolen");
        // when
        JsonNode answer = done(eve.sendJson("POST", "/secrets/share/import", request), 200);
        // then
        assertThat(answer.at("/secrets_errors/0/key").asText())
                .isEqualTo("User `eve` is not permitted to modify the secret `h`");
        assertThat(answer.at("/secrets_errors/1/key").asText()).contains("`p`");
        assertThat(bob.get("/secrets/h").get("value").asText()).isEqualTo("v-h");
        assertThat(bob.get("/secrets/p").get("value").asText()).isEqualTo("v-p");
    }

    @Test
    void whatIsWrongWithSomeIsToldAndKeepsNoOtherOut() {
        // given
        String good =
                "\"value\": \"v\", \"visibility\": \"tenant\", \"tenant_name\": \"t1\", \"is_hidden_value\": false, \"encrypted\": false";
        String list = "[{\"key\": \"ok\", " + good + "}, {" + good + "}, {\"key\": \"1x\", " + good + "}, 5,"
                + " {\"key\": \"e\", " + good.replace("\"encrypted\": false", "\"encrypted\": true") + "},"
                + " {\"key\": \"t\", " + good.replace("\"t1\"", "\"t9\"") + "},"
                + " {\"key\": \"u\", " + good.replace("\"tenant\"", "\"wide\"") + "},"
                + " {\"key\": \"w\", " + good
                + ", \"creator\": \"eve\", \"created_at\": \"2020-01-01T00:00:00.000Z\"}]";
        // when
        JsonNode errors = done(
                        bob.sendJson(
                                "POST",
                                "/secrets/share/import",
                                request(Api.read(list)).toString()),
                        200)
                .get("secrets_errors");
        // then
        assertThat(errors.at("/1/missing secret fields/0").asText()).isEqualTo("key");
        assertThat(errors.at("/2/key").asText()).contains("must begin with a letter");
        assertThat(errors.at("/3/secret").asText()).isEqualTo("Not a dictionary");
        assertThat(errors.at("/4/No passphrase").asText())
                .isEqualTo("The secret is encrypted but no passphrase was given");
        assertThat(errors.at("/5/tenant_name").asText())
                .contains("not permitted to perform the action secret_create in the tenant `t9`");
        assertThat(errors.at("/6/visibility").asText()).isEqualTo("Not a valid visibility");
        assertThat(errors.at("/7/creator").asText()).contains("set_owner");
        assertThat(errors.at("/7/timestamp").asText()).contains("set_timestamp");
        assertThat(errors).hasSize(7);
        assertThat(bob.texts("/secrets", "key")).containsExactly("ok");
        // An administrator is told that there is no such tenant, and may set owners and times.
        JsonNode told = done(
                admin.sendJson(
                        "POST", "/secrets/share/import", request(Api.read(list)).toString()),
                200);
        assertThat(told.at("/secrets_errors/5/tenant_name").asText()).isEqualTo("The tenant `t9` was not found");
        assertThat(bob.get("/secrets/w").get("created_by").asText()).isEqualTo("eve");
        assertThat(bob.get("/secrets/w").get("created_at").asText()).isEqualTo("2020-01-01T00:00:00.000Z");
    }

    @Test
    void importsWithoutTheirParametersAreRefused() {
        refused(
                bob.sendJson("POST", "/secrets/share/import", "{\"override_collisions\": false}"),
                400,
                "bad_parameters_error",
                "Missing secrets_list in json request body");
        refused(
                bob.sendJson("POST", "/secrets/share/import", "{\"secrets_list\": {}, \"override_collisions\": false}"),
                400,
                "bad_parameters_error",
                "secrets_list parameter is expected to be of type list but is of type dict");
        refused(
                bob.sendJson("POST", "/secrets/share/import", "{\"secrets_list\": []}"),
                400,
                "bad_parameters_error",
                "Missing override_collisions in json request body");
        refused(
                admin.sendJson(
                        "POST",
                        "/secrets/share/import",
                        "{\"secrets_list\": [], \"override_collisions\": false, \"tenant_map\": {\"t1\": \"t9\"}}"),
                400,
                "bad_parameters_error",
                "The following destination tenants do not exist on the Manager: ['t9']");
    }

    // --- providers

    @Test
    void providersAreMadeChangedAndTheirParametersKept() {
        String body =
                "{\"name\": \"vault1\", \"type\": \"vault\", \"visibility\": \"tenant\", \"connection_parameters\":"
                        + " {\"url\": \"http://127.0.0.1:1\", \"token\": \"s3cr3t\"}}";
        JsonNode made = done(admin.sendJson("PUT", "/secrets-providers", body), 200);
        assertThat(made.get("id").asText()).isEqualTo("vault1");
        assertThat(made.at("/connection_parameters/token").asText()).isEqualTo("s3cr3t");
        // Tokens are for administrators.
        assertThat(bob.get("/secrets-providers/vault1")
                        .get("connection_parameters")
                        .isNull())
                .isTrue();
        refused(
                admin.sendJson("PUT", "/secrets-providers", body),
                409,
                "conflict_error",
                "<SecretsProvider id=`vault1` tenant=`t1`> already exists");
        refused(
                admin.sendJson("PUT", "/secrets-providers", body.replace("\"vault\"", "\"box\"")),
                400,
                "bad_parameters_error",
                "Invalid secrets provider type: `box`");
        refused(
                admin.sendJson("PUT", "/secrets-providers", "{\"type\": \"vault\"}"),
                400,
                "bad_parameters_error",
                "Missing name in json request body");
        done(
                bob.sendJson(
                        "PUT",
                        "/secrets/p",
                        "{\"provider_name\": \"vault1\", \"provider_options\": {\"path\": \"a\"}}"),
                200);
        assertThat(bob.get("/secrets/p").get("provider_name").asText()).isEqualTo("vault1");
        refused(
                admin.sendJson("DELETE", "/secrets-providers/vault1", null),
                409,
                "conflict_error",
                "it provides the secrets p");
        done(
                admin.sendJson("PATCH", "/secrets-providers/vault1", "{\"connection_parameters\": {\"url\": \"x\"}}"),
                200);
        assertThat(admin.get("/secrets-providers/vault1")
                        .get("connection_parameters")
                        .toString())
                .isEqualTo("{\"url\":\"x\"}");
        done(bob.sendJson("DELETE", "/secrets/p", null), 204);
        done(admin.sendJson("DELETE", "/secrets-providers/vault1", null), 204);
        refused(
                stranger.sendJson("DELETE", "/secrets-providers/vault1", null),
                404,
                "not_found_error",
                "`vault1` was not found");
        refusesHostileBodies(bob, "PUT", "/secrets-providers");
    }

    @Test
    void aProviderIsTestedWithoutBeingKept() throws IOException {
        // given
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/auth/token/lookup-self", exchange -> {
            boolean known = "right".equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"));
            exchange.sendResponseHeaders(known ? 200 : 403, -1);
            exchange.close();
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        String body = "{\"name\": \"v\", \"type\": \"vault\", \"test\": true, \"connection_parameters\": {\"url\": \""
                + url + "\", \"token\": \"right\"}}";
        try {
            // when, then
            done(bob.sendJson("PUT", "/secrets-providers", body), 204);
            refused(
                    bob.sendJson("PUT", "/secrets-providers", body.replace("right", "wrong")),
                    400,
                    "bad_parameters_error",
                    "answered 403");
            refused(
                    bob.sendJson("PUT", "/secrets-providers", body.replace("\"url\"", "\"uri\"")),
                    400,
                    "bad_parameters_error",
                    "the connection parameter `url` is missing");
            // One that is kept is tested by its name.
            String byName = "{\"name\": \"v\", \"type\": \"\", \"test\": true}";
            refused(
                    bob.sendJson("PUT", "/secrets-providers", byName),
                    404,
                    "not_found_error",
                    "Requested `SecretsProvider` with ID `v` was not found");
            done(bob.sendJson("PUT", "/secrets-providers", body.replace("\"test\": true, ", "")), 200);
            done(bob.sendJson("PUT", "/secrets-providers", byName), 204);
            done(bob.sendJson("DELETE", "/secrets-providers/v", null), 204);
        } finally {
            server.stop(0);
        }
        refused(bob.sendJson("PUT", "/secrets-providers", body), 400, "bad_parameters_error", "cannot be reached");
        assertThat(bob.items("/secrets-providers")).isEmpty();
    }
}
