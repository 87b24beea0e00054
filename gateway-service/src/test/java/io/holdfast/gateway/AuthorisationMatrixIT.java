package io.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.gateway.routing.Route;
import io.holdfast.gateway.routing.RouteTable;
import io.holdfast.gateway.routing.TenantRule;
import io.quarkus.test.junit.QuarkusTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every route that the gateway serves, asked by every role, in the tenant where the user has it, in another, in one that there is not and
 * in none. What is right comes from the shipped table of 844 grants, read here on its own.
 */
@QuarkusTest
class AuthorisationMatrixIT extends GatewayCase {

    /** What users may do without any permission: the first two without credentials even, and what concerns permissions is refused in its own way. */
    private static final Set<String> WITHOUT_PERMISSION = Set.of(
            "GET ok",
            "GET openapi.json",
            "GET v1/openapi.json",
            "GET snapshot-status",
            "GET permissions",
            "GET permissions/{role}",
            "PUT permissions/{role}/{permission}",
            "DELETE permissions/{role}/{permission}");

    private static final Set<String> OPEN =
            Set.of("GET ok", "GET snapshot-status", "GET openapi.json", "GET v1/openapi.json");

    /** A user of each role; the tenant roles are held in {@value #OWN}. */
    private static final Map<String, String> USERS = Map.of(
            "sys_admin", "root2",
            "default", "matrix-nobody",
            "manager", "matrix-manager",
            "user", "matrix-user",
            "operations", "matrix-operations",
            "viewer", "matrix-viewer");

    private static final String OWN = "shared";
    private static final String FOREIGN = "other";
    private static final String MISSING = "nosuch";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Set<String>> holders = grants();

    private record Question(
            Route route, String role, @Nullable String tenant) {}

    @BeforeEach
    void oneUserOfEachRole() throws SQLException {
        for (String user : List.of("nobody", "manager", "user", "operations", "viewer")) {
            sql("INSERT INTO access.users (username, role, password_salt, created_at, password_hash)"
                    + " SELECT 'matrix-" + user + "', 'default', password_salt, created_at, password_hash"
                    + " FROM access.users WHERE username = 'alice'");
            if (!user.equals("nobody")) {
                sql("INSERT INTO access.user_tenants VALUES ('matrix-" + user + "', '" + OWN + "', '" + user + "')");
            }
        }
    }

    private static Map<String, Set<String>> grants() {
        InputStream shipped = Objects.requireNonNull(
                AuthorisationMatrixIT.class.getResourceAsStream("/io/holdfast/gateway/bootstrap/permissions.txt"));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(shipped, StandardCharsets.UTF_8))) {
            Map<String, Set<String>> grants = new HashMap<>();
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] words = line.split(" ");
                grants.put(words[0], Set.of(Arrays.copyOfRange(words, 1, words.length)));
            });
            return grants;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Route> routes() {
        return Stream.of(RouteTable.shipped().routes(), RouteTable.holdfastRoutes(), RouteTable.fileRoutes())
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void everyRouteNamesAPermissionThatThereIs() {
        assertThat(holders.values().stream().mapToInt(Set::size).sum()).isEqualTo(844);
        for (Route route : routes()) {
            String name = route.method() + " " + route.template();
            String permission = route.permission();
            if (permission == null) {
                assertThat(WITHOUT_PERMISSION)
                        .as("routes that need no permission")
                        .contains(name);
            } else if (!permission.equals(Route.ADMINISTRATORS_ONLY)) {
                assertThat(holders).as(name).containsKey(permission);
            }
            assertThat(route.isOpen()).as(name).isEqualTo(OPEN.contains(name));
        }
    }

    @Test
    void nobodyIsServedWithoutCredentials() {
        List<String> wrong = answers(
                routes().stream().map(route -> new Question(route, "", OWN)).toList(), (question, status, body) -> {
                    if (question.route().isOpen()) {
                        return status != 401 && status != 403;
                    }
                    return status == 401
                            && textOf(body).equals("User unauthorized: No authentication info provided")
                            && body.path("error_code").asText().equals("unauthorized_error");
                });
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyRoleMayDoWhatTheTableSaysInItsTenantAndNothingInAnother() {
        List<Question> questions = new ArrayList<>();
        for (Route route : routes()) {
            for (String role : USERS.keySet()) {
                for (String tenant : Arrays.asList(OWN, FOREIGN, MISSING, null)) {
                    questions.add(new Question(route, role, tenant));
                }
            }
        }
        List<String> wrong = answers(questions, this::isRight);
        assertThat(wrong).isEmpty();
    }

    @Test
    void askingForAllTenantsOpensNoForeignTenant() {
        List<Question> questions = routes().stream()
                .filter(route -> route.tenantRule() == TenantRule.TENANT)
                .filter(route ->
                        !route.method().equals("GET") && !route.template().startsWith("searches/")
                                || route.template().replace("{kind}", "").contains("{"))
                .flatMap(route -> Stream.of("manager", "user", "operations", "viewer")
                        .map(role -> new Question(route, role, FOREIGN)))
                .toList();
        assertThat(questions).hasSizeGreaterThan(100);
        assertThat(answers(questions, "?_all_tenants=true", this::isRight)).isEmpty();
    }

    private boolean isRight(Question question, int status, JsonNode body) {
        Route route = question.route();
        if (route.isOpen()) {
            return status != 401 && status != 403;
        }
        String tenant = route.tenantRule().readsPath() && question.tenant() == null ? OWN : question.tenant();
        if (MISSING.equals(tenant)) {
            return status == 403
                    && textOf(body)
                            .equals("Authorization failed: Tried to authenticate with invalid tenant name: " + MISSING);
        }
        if (tenant == null && route.tenantRule() == TenantRule.BODY) {
            return status == 400 && textOf(body).equals("Missing tenant_name in json request body");
        }
        if (tenant == null && route.tenantRule() == TenantRule.TENANT) {
            return status == 403 && textOf(body).equals("Authorization failed: tenant not provided");
        }
        if (mayDo(question.role(), route.permission(), tenant)) {
            boolean secretive = route.template().startsWith("permissions");
            return status != 403
                    && (status != 401 || (secretive && !question.role().equals("sys_admin")));
        }
        return status == 403
                && body.path("error_code").asText().equals("forbidden_error")
                && textOf(body)
                        .equals("User `" + USERS.get(question.role()) + "` is not permitted to perform the action "
                                + route.permission() + (tenant == null ? "" : " in the tenant `" + tenant + "`"));
    }

    private boolean mayDo(String role, @Nullable String permission, @Nullable String tenant) {
        if (permission == null || role.equals("sys_admin")) {
            return true;
        }
        Set<String> who = holders.getOrDefault(permission, Set.of());
        return who.contains("default") || (OWN.equals(tenant) && who.contains(role));
    }

    private static String textOf(JsonNode body) {
        return body.path(body.has("detail") ? "detail" : "message").asText();
    }

    private interface Expectation {
        boolean isRight(Question question, int status, JsonNode body);
    }

    private List<String> answers(List<Question> questions, Expectation expectation) {
        return answers(questions, "", expectation);
    }

    /** The questions whose answers are not as expected, with those answers. */
    private List<String> answers(List<Question> questions, String query, Expectation expectation) {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<String>> pending = new ArrayList<>();
            for (Question question : questions) {
                Callable<String> asking = () -> {
                    HttpResponse<InputStream> answer =
                            client.send(request(question, query), HttpResponse.BodyHandlers.ofInputStream());
                    String text = textOf(answer);
                    JsonNode body = text.startsWith("{") ? JSON.readTree(text) : JSON.createObjectNode();
                    boolean right = !typeOf(answer).contains("html")
                            && expectation.isRight(question, answer.statusCode(), body);
                    return right
                            ? ""
                            : question.route().method() + " " + question.route().template() + " by "
                                    + question.role() + " in " + question.tenant() + ": " + answer.statusCode() + " "
                                    + text;
                };
                pending.add(threads.submit(asking));
            }
            List<String> wrong = new ArrayList<>();
            for (Future<String> answer : pending) {
                if (!answer.get().isEmpty()) {
                    wrong.add(answer.get());
                }
            }
            return wrong;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Of a stream that has no end, nothing. */
    private static String textOf(HttpResponse<InputStream> answer) throws IOException {
        try (InputStream body = answer.body()) {
            return typeOf(answer).contains("event-stream")
                    ? ""
                    : new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String typeOf(HttpResponse<InputStream> answer) {
        return answer.headers().firstValue("Content-Type").orElse("");
    }

    private static HttpRequest.BodyPublisher bodyOf(Question question) {
        if (question.route().tenantRule() != TenantRule.BODY || question.tenant() == null) {
            return HttpRequest.BodyPublishers.noBody();
        }
        return HttpRequest.BodyPublishers.ofString("{\"tenant_name\": \"" + question.tenant() + "\"}");
    }

    private static HttpRequest request(Question question, String query) {
        Route route = question.route();
        String tenantOfPath = question.tenant() == null ? OWN : question.tenant();
        String path = Arrays.stream(route.template().split("/"))
                .map(segment -> switch (segment) {
                    case "{tenant}" -> tenantOfPath;
                    case "{kind}" -> "deployments";
                    case "{phase}" -> "initiate";
                    case "**" -> "matrix";
                    default -> segment.startsWith("{") ? "matrix" : segment;
                })
                .collect(Collectors.joining("/"));
        String prefix = route.template().startsWith("v1/")
                ? "/api/holdfast/"
                : route.template().startsWith("resources/") ? "/" : "/api/v3.1/";
        String base = ConfigProvider.getConfig().getValue("test.url", String.class);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + prefix + path + query))
                .timeout(Duration.ofMinutes(2))
                .header("Content-Type", "application/json")
                .method(route.method().equals("*") ? "POST" : route.method(), bodyOf(question));
        if (route.tenantRule() == TenantRule.BODY) {
            // It means nothing here.
            request.header("Tenant", MISSING.equals(question.tenant()) ? OWN : MISSING);
        } else if (question.tenant() != null) {
            request.header("Tenant", question.tenant());
        }
        if (!question.role().isEmpty()) {
            String user = USERS.get(question.role());
            String password = question.role().equals("sys_admin") ? "root2-password" : "alice-password";
            request.header(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
        }
        return request.build();
    }
}
