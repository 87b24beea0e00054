package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.IdentitySigner;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Callers of two tenants against the running service, with empty tables. */
abstract class WritesCase {

    @Inject
    IdentitySigner signer;

    @Inject
    Config config;

    @Inject
    SchedulerStandIn scheduler;

    Rows rows;
    Api admin;
    /** A user of t1. */
    Api bob;
    /** Another one. */
    Api eve;
    /** A manager of t1: administers that tenant alone. */
    Api boss;
    /** The administrator, in t2. */
    Api other;
    /** A user of t2. */
    Api stranger;

    @BeforeEach
    void connect() throws SQLException {
        rows = new Rows(config);
        rows.clear();
        scheduler.clear();
        admin = Api.admin(signer, "t1");
        bob = Api.user(signer, "bob", "t1");
        eve = Api.user(signer, "eve", "t1");
        boss = new Api(
                signer,
                new CallerIdentity(
                        "boss", false, "t1", List.of("t1"), List.of("manager"), "http_basic", Instant.EPOCH));
        other = Api.admin(signer, "t2");
        stranger = Api.user(signer, "bob", "t2");
    }

    @AfterEach
    void disconnect() throws SQLException {
        rows.close();
    }

    /** A blueprint of the administrator in t1, by its text. */
    void upload(String id, String blueprint) {
        Response response = admin.send(
                "PUT",
                "/blueprints/" + id,
                request -> request.contentType("application/json").body(blueprint.getBytes(StandardCharsets.UTF_8)));
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
    }

    /** A deployment of the administrator in t1. */
    void deploy(String id, String blueprint) {
        done(admin.sendJson("PUT", "/deployments/" + id, "{\"blueprint_id\": \"" + blueprint + "\"}"), 201);
    }

    /** A worker that calls with the token of an execution of this workflow. */
    Api worker(String workflow) {
        ObjectNode execution = (ObjectNode) Api.read("{\"workflow_id\": \"" + workflow + "\"}");
        scheduler.executions.put("t1/x", execution);
        return new Api(
                signer,
                new CallerIdentity(
                        "bob", false, "t1", List.of("t1"), List.of("user"), "execution_token", Instant.EPOCH, "x"));
    }

    static JsonNode done(Response response, int status) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        return status == 204 ? Api.read("null") : Api.read(response.asString());
    }

    static void refused(Response response, int status, String code, String message) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        JsonNode body = Api.read(response.asString());
        assertThat(body.path("error_code").asText()).isEqualTo(code);
        assertThat(body.path("detail").asText()).contains(message);
    }

    /** What every write with a JSON body refuses, without a trace of it. */
    static void refusesHostileBodies(Api api, String method, String path) {
        refused(api.sendJson(method, path, "{\"a\": "), 400, "bad_parameters_error", "not the JSON expected");
        refused(api.sendJson(method, path, "[1]"), 400, "bad_parameters_error", "of type list, expected a JSON object");
        refused(
                api.sendJson(method, path, "\"text\""),
                400,
                "bad_parameters_error",
                "of type str, expected a JSON object");
        refused(
                api.send(
                        method,
                        path,
                        request -> request.contentType("text/plain").body("{}")),
                415,
                "unsupported_content_type_error",
                "Content type must be application/json");
        refused(
                api.sendJson(method, path, "{\"a\": " + "[".repeat(1100) + "]".repeat(1100) + "}"),
                400,
                "bad_parameters_error",
                "not the JSON expected");
    }
}
