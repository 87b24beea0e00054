package io.holdfast.gateway.openapi;

import io.holdfast.gateway.routing.Route;
import io.holdfast.gateway.routing.TenantRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An OpenAPI 3.1.0 document, as maps and lists that are JSON objects and arrays. Source: the OpenAPI specification 3.1.0. */
public final class OpenApiDocument {

    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");

    private static final List<Map<String, List<String>>> ANY_CREDENTIALS =
            List.of(Map.of("basic", List.of()), Map.of("token", List.of()), Map.of("executionToken", List.of()));

    private static final Map<String, String> STATUSES = Map.of(
            "400", "The request is wrong: the message says what was found and what was expected",
            "401", "There are no credentials, or they are wrong",
            "403", "The permission is lacking, or there is no such tenant",
            "404", "There is no such thing",
            "405", "It is not done: something uses it, or this manager never does that",
            "409", "It is in conflict with what there is",
            "413", "The body is too large, or the list does not fit into one answer",
            "415", "The body is of a type that is not taken",
            "503", "Maintenance mode, or a part that is away: try again later");

    private final String title;
    private final String version;
    private final boolean problems;
    private final Bodies bodies;
    private final Map<String, Map<String, Object>> paths = new TreeMap<>();
    private final Map<String, String> byShape = new HashMap<>();

    private OpenApiDocument(String title, String version, boolean problems, Bodies bodies) {
        this.title = title;
        this.version = version;
        this.problems = problems;
        this.bodies = bodies;
    }

    /**
     * Of the manager API, version 3.1: every route of the table.
     *
     * @throws IllegalArgumentException for a route whose bodies are not known
     */
    public static Map<String, Object> ofManagerApi(List<Route> routes, Bodies bodies) {
        OpenApiDocument document = new OpenApiDocument("Manager API", "3.1", false, bodies);
        routes.forEach(route -> document.add("/api/v3.1/", route, route.template(), null));
        return document.json();
    }

    /**
     * Of our own API.
     *
     * @param routes the route that decides about an operation is that of its first segment
     * @throws IllegalArgumentException for an operation that no route leads to, or whose bodies are not known
     */
    public static Map<String, Object> ofOwnApi(List<OwnOperation> operations, List<Route> routes, Bodies bodies) {
        OpenApiDocument document = new OpenApiDocument("Holdfast API", "1", true, bodies);
        for (OwnOperation operation : operations) {
            document.add("/api/holdfast/v1/", routeOf(operation, routes), operation.path(), operation);
        }
        return document.json();
    }

    private static Route routeOf(OwnOperation operation, List<Route> routes) {
        String first = operation.path().split("/")[0];
        return routes.stream()
                .filter(route -> route.template().equals("v1/" + first + "/**")
                        || route.template().equals("v1/" + first))
                .filter(route -> route.template().endsWith(first)
                        || route.method().equals(operation.method().equals("GET") ? "GET" : "*"))
                .findFirst()
                .or(() -> routes.stream()
                        .filter(route -> route.template().equals("v1/" + first + "/**")
                                && route.method().equals("*"))
                        .findFirst())
                .orElseThrow(() -> new IllegalArgumentException(
                        "no route leads to " + operation.method() + " " + operation.path()));
    }

    private void add(String prefix, Route route, String path, @Nullable OwnOperation own) {
        String method = own == null ? route.method() : own.method();
        String written = written(path);
        Bodies.Operation held = bodies.of(method, own == null ? path : "v1/" + path);
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("tags", List.of(path.split("/")[0]));
        operation.put("operationId", operationId(method, path));
        operation.put("summary", own == null ? method + " " + path : own.summary());
        operation.put("description", description(route));
        operation.put("parameters", parameters(route, written, held));
        Map<String, Object> request = held.requestContent();
        if (!request.isEmpty()) {
            operation.put("requestBody", Map.of("content", request));
        }
        operation.put("responses", responses(errors(route, method, path, held), held));
        operation.put("security", route.isOpen() ? List.of() : ANY_CREDENTIALS);
        Map<String, Object> item =
                Objects.requireNonNull(paths.computeIfAbsent(prefix + written, added -> new LinkedHashMap<>()));
        item.put(method.toLowerCase(Locale.ROOT), operation);
    }

    /** Two paths that differ in the names of parameters only are one: it is written as it was the first time. */
    private String written(String path) {
        return Objects.requireNonNull(
                byShape.computeIfAbsent(PARAMETER.matcher(path).replaceAll("{}"), shape -> path));
    }

    private static String operationId(String method, String path) {
        return (method.toLowerCase(Locale.ROOT) + "_" + path)
                .replaceAll("[^A-Za-z0-9]+", "_")
                .replaceAll("_$", "");
    }

    private static String description(Route route) {
        if (route.isOpen()) {
            return "Needs no credentials.";
        }
        String permission = route.permission();
        if (permission == null) {
            return "Every user may ask; who is shown what is decided there.";
        }
        return permission.equals(Route.ADMINISTRATORS_ONLY)
                ? "For administrators."
                : "Needs the permission `" + permission + "`.";
    }

    private static List<Map<String, Object>> parameters(Route route, String path, Bodies.Operation held) {
        List<Map<String, Object>> parameters = new ArrayList<>();
        Matcher names = PARAMETER.matcher(path);
        while (names.find()) {
            parameters.add(parameter("path", names.group(1), "string", true));
        }
        if (route.tenantRule() == TenantRule.TENANT || route.tenantRule() == TenantRule.ANY) {
            parameters.add(parameter("header", "Tenant", "string", route.tenantRule() == TenantRule.TENANT));
        }
        if (held.listed().isPresent()) {
            parameters.add(parameter("query", "_size", "integer", false));
            parameters.add(parameter("query", "_offset", "integer", false));
            parameters.add(parameter("query", "_sort", "string", false));
            parameters.add(parameter("query", "_include", "string", false));
            parameters.add(parameter("query", "_all_tenants", "boolean", false));
        }
        return parameters;
    }

    private static Map<String, Object> parameter(String in, String name, String type, boolean required) {
        return Map.of("in", in, "name", name, "required", required, "schema", Map.of("type", type));
    }

    /** The statuses of errors that it can be answered with, by its kind and as it says itself. 500 and its like are of no kind. */
    private static Set<String> errors(Route route, String method, String path, Bodies.Operation held) {
        Set<String> errors = new TreeSet<>(held.errors());
        if (route.isOpen()) {
            return errors;
        }
        errors.addAll(List.of("400", "401", "403"));
        if (held.isRefused()) {
            errors.addAll(List.of("404", "405"));
            return errors;
        }
        errors.add("503");
        boolean reads = method.equals("GET");
        if (!reads || PARAMETER.matcher(path).find()) {
            errors.add("404");
        }
        if (!reads) {
            errors.add("409");
        }
        if (!held.requestContent().isEmpty() || held.listed().isPresent()) {
            errors.add("413");
        }
        if (held.requestContent().containsKey("application/json")) {
            errors.add("415");
        }
        return errors;
    }

    private Map<String, Object> responses(Set<String> errors, Bodies.Operation held) {
        Map<String, Object> done = new LinkedHashMap<>();
        done.put("description", "It is done");
        Map<String, Object> content = held.answerContent();
        if (!content.isEmpty()) {
            done.put("content", content);
        }
        Map<String, Object> responses = new LinkedHashMap<>();
        if (!held.isRefused()) {
            responses.put("2XX", done);
        }
        for (String status : errors) {
            String meaning = STATUSES.get(status);
            if (meaning == null) {
                throw new IllegalArgumentException("an error of status " + status + ", whose meaning is not known");
            }
            responses.put(status, error(meaning));
        }
        responses.put("default", error("Something else: the message says what"));
        return responses;
    }

    private Map<String, Object> error(String meaning) {
        return Map.of("description", meaning, "content", Map.of(errorType(), Map.of("schema", errorSchema())));
    }

    private String errorType() {
        return problems ? "application/problem+json" : "application/json";
    }

    /** Below {@code /api/holdfast/v1/} a problem (RFC 9457). */
    private Map<String, Object> errorSchema() {
        return Map.of("$ref", "#/components/schemas/" + (problems ? "Problem" : "Error"));
    }

    private Map<String, Object> json() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put("info", Map.of("title", title, "version", version));
        document.put("paths", paths);
        Map<String, Object> schemas = bodies.referredToIn(paths);
        document.put(
                "components",
                Map.of(
                        "schemas",
                        schemas,
                        "securitySchemes",
                        Map.of(
                                "basic", Map.of("type", "http", "scheme", "basic"),
                                "token", header("Authentication-Token"),
                                "executionToken", header("Execution-Token"))));
        return document;
    }

    private static Map<String, Object> header(String name) {
        return Map.of("type", "apiKey", "in", "header", "name", name);
    }
}
