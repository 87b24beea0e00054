package io.holdfast.scheduler.reading;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.IdentitySigner;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Asks the service as a caller whom the gateway has let in. */
final class Api {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final IdentitySigner signer;
    private final CallerIdentity caller;

    Api(IdentitySigner signer, CallerIdentity caller) {
        this.signer = signer;
        this.caller = caller;
    }

    static Api admin(IdentitySigner signer, String tenant) {
        return new Api(signer, new CallerIdentity("admin", true, tenant, null, List.of(), "http_basic", Instant.EPOCH));
    }

    static Api user(IdentitySigner signer, String name, String tenant) {
        return new Api(
                signer,
                new CallerIdentity(name, false, tenant, List.of(tenant), List.of("user"), "http_basic", Instant.EPOCH));
    }

    /** @param path below {@code /internal/scheduler}, may carry an encoded query */
    Response response(String path) {
        String whole = "/internal/scheduler" + path;
        int query = whole.indexOf('?');
        IdentitySigner.Headers headers = signer.signNow(caller, "GET", query < 0 ? whole : whole.substring(0, query));
        return RestAssured.given()
                .urlEncodingEnabled(false)
                .header(IdentitySigner.IDENTITY_HEADER, headers.identity())
                .header(IdentitySigner.SIGNATURE_HEADER, headers.signature())
                .get(whole);
    }

    /** For who wants to read the answer bit by bit. */
    HttpRequest request(String path) {
        String whole = "/internal/scheduler" + path;
        int query = whole.indexOf('?');
        IdentitySigner.Headers headers = signer.signNow(caller, "GET", query < 0 ? whole : whole.substring(0, query));
        return HttpRequest.newBuilder(URI.create(RestAssured.baseURI + ":" + RestAssured.port + whole))
                .header(IdentitySigner.IDENTITY_HEADER, headers.identity())
                .header(IdentitySigner.SIGNATURE_HEADER, headers.signature())
                .build();
    }

    /** @param json null: no body */
    Response sendJson(String method, String path, String json) {
        String whole = "/internal/scheduler" + path;
        int query = whole.indexOf('?');
        IdentitySigner.Headers headers = signer.signNow(caller, method, query < 0 ? whole : whole.substring(0, query));
        var request = RestAssured.given()
                .urlEncodingEnabled(false)
                .contentType("application/json")
                .header(IdentitySigner.IDENTITY_HEADER, headers.identity())
                .header(IdentitySigner.SIGNATURE_HEADER, headers.signature());
        return json == null
                ? request.request(method, whole)
                : request.body(json).request(method, whole);
    }

    JsonNode get(String path) {
        Response response = response(path);
        response.then().statusCode(200);
        return read(response.asString());
    }

    JsonNode items(String path) {
        return get(path).get("items");
    }

    List<String> texts(String path, String field) {
        List<String> texts = new ArrayList<>();
        items(path).forEach(item -> texts.add(item.path(field).asText()));
        return texts;
    }

    static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}
