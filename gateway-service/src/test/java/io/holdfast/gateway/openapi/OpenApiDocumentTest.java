package io.holdfast.gateway.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.gateway.openapi.rest.OpenApiResource;
import io.holdfast.gateway.routing.Route;
import io.holdfast.gateway.routing.RouteTable;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenApiDocumentTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode managerApi = JSON.valueToTree(new OpenApiResource().managerApi());
    private final JsonNode ownApi = JSON.valueToTree(new OpenApiResource().ownApi());

    private static JsonNode operation(JsonNode document, String method, String path) {
        return document.path("paths").path(path).path(method.toLowerCase(Locale.ROOT));
    }

    @Test
    void everyRouteOfTheTableIsDescribedWithItsPermission() {
        for (Route route : RouteTable.shipped().routes()) {
            // One URL, named by the route that comes first.
            String template = route.template().equals("tenants/{name}") ? "tenants/{tenant}" : route.template();
            JsonNode operation = operation(managerApi, route.method(), "/api/v3.1/" + template);
            assertThat(operation.isObject()).as(route.toString()).isTrue();
            assertThat(operation.path("security").isEmpty())
                    .as(route.toString())
                    .isEqualTo(route.isOpen());
            String permission = route.permission();
            if (permission != null) {
                assertThat(operation.path("description").asText()).contains(permission);
            }
        }
    }

    @Test
    void ourOwnApiAnswersErrorsAsProblems() {
        JsonNode undo = operation(ownApi, "POST", "/api/holdfast/v1/restores/{id}/undo");
        assertThat(undo.path("responses").path("404").path("content").has("application/problem+json"))
                .isTrue();
        assertThat(undo.path("parameters").get(0).path("name").asText()).isEqualTo("id");
    }

    @Test
    void ourOwnApiNamesThePermissionsOfItsRoutes() {
        assertThat(operation(ownApi, "GET", "/api/holdfast/v1/limits")
                        .path("description")
                        .asText())
                .isEqualTo("For administrators.");
        assertThat(operation(ownApi, "GET", "/api/holdfast/v1/events/stream")
                        .path("description")
                        .asText())
                .contains("event_list");
        assertThat(operation(ownApi, "POST", "/api/holdfast/v1/events/replay")
                        .path("description")
                        .asText())
                .isEqualTo("For administrators.");
        assertThat(operation(ownApi, "GET", "/api/holdfast/v1/openapi.json")
                        .path("description")
                        .asText())
                .isEqualTo("Needs no credentials.");
    }

    @Test
    void noTwoPathsDifferInNamesOfParametersOnly() {
        Set<String> shapes = new HashSet<>();
        managerApi
                .path("paths")
                .fieldNames()
                .forEachRemaining(path -> assertThat(shapes.add(path.replaceAll("\\{[^}]*}", "{}")))
                        .as(path)
                        .isTrue());
        assertThat(shapes).isNotEmpty();
    }

    @Test
    void operationIdsAreUnique() {
        for (JsonNode document : List.of(managerApi, ownApi)) {
            Set<String> ids = new HashSet<>();
            for (JsonNode item : document.path("paths")) {
                for (JsonNode operation : item) {
                    String id = operation.path("operationId").asText();
                    assertThat(ids.add(id)).as(id).isTrue();
                }
            }
            assertThat(ids).isNotEmpty();
        }
    }

    @Test
    void anOperationWithoutARouteIsAMistake() {
        List<OwnOperation> operations = OwnOperation.read(List.of("# a comment", "", "GET nosuch/{id} Show nothing"));
        Bodies bodies = new Bodies(Map.of(), Map.of());
        assertThatThrownBy(() -> OpenApiDocument.ofOwnApi(operations, RouteTable.holdfastRoutes(), bodies))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no route leads to GET nosuch/{id}");
    }

    @Test
    void bodiesAreDescribedByTheirSchemas() {
        JsonNode create = operation(managerApi, "PUT", "/api/v3.1/deployments/{id}");
        assertThat(create.at("/requestBody/content/application~1json/schema/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/NewDeployment");
        assertThat(create.at("/responses/2XX/content/application~1json/schema/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/Deployment");
        JsonNode list = operation(managerApi, "GET", "/api/v3.1/deployments");
        assertThat(list.at("/responses/2XX/content/application~1json/schema/properties/items/items/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/Deployment");
        assertThat(operation(managerApi, "PUT", "/api/v3.1/blueprints/{id}")
                        .at("/requestBody/content")
                        .has("multipart/form-data"))
                .isTrue();
        assertThat(operation(managerApi, "DELETE", "/api/v3.1/tenants/{tenant}")
                        .at("/responses/2XX")
                        .has("content"))
                .isFalse();
    }

    @Test
    void whatIsAlwaysRefusedHasNoAnswerButErrors() {
        JsonNode responses = operation(managerApi, "POST", "/api/v3.1/managers").path("responses");
        assertThat(responses.has("405")).isTrue();
        assertThat(responses.has("2XX")).isFalse();
    }

    @Test
    void anOperationNamesTheRefusalsOfItsKind() {
        assertThat(refusals(managerApi, "GET", "/api/v3.1/ok")).isEmpty();
        assertThat(refusals(managerApi, "GET", "/api/v3.1/deployments"))
                .contains("400", "401", "403")
                .doesNotContain("409");
        assertThat(refusals(managerApi, "GET", "/api/v3.1/deployments/{id}"))
                .contains("404")
                .doesNotContain("409");
        assertThat(refusals(managerApi, "PUT", "/api/v3.1/deployments/{id}"))
                .contains("404", "409", "413", "415")
                .doesNotContain("405");
        assertThat(refusals(managerApi, "PUT", "/api/v3.1/snapshots/{id}/archive"))
                .contains("413")
                .doesNotContain("415");
        assertThat(refusals(managerApi, "DELETE", "/api/v3.1/plugins/{id}")).contains("405");
        Bodies bodies = Bodies.read(List.of("GET v1/limits - - 402"), Map.of());
        List<OwnOperation> operations = OwnOperation.read(List.of("GET limits List"));
        assertThatThrownBy(() -> OpenApiDocument.ofOwnApi(operations, RouteTable.holdfastRoutes(), bodies))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("402");
    }

    @Test
    void everyOperationOfTheClusterHasItsOwnBodies() {
        assertThat(operation(ownApi, "GET", "/api/holdfast/v1/cluster/status")
                        .at("/responses/2XX/content/application~1json/schema/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/ClusterReport");
        JsonNode switchover = operation(ownApi, "POST", "/api/holdfast/v1/cluster/switchover");
        assertThat(switchover
                        .at("/requestBody/content/application~1json/schema/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/ClusterTarget");
        assertThat(switchover
                        .at("/responses/404/content/application~1problem+json/schema/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/Problem");
        assertThat(operation(ownApi, "GET", "/api/holdfast/v1/cluster/salvage/{id}/export")
                        .at("/responses/2XX/content")
                        .has("application/x-ndjson"))
                .isTrue();
    }

    private static Set<String> refusals(JsonNode document, String method, String path) {
        Set<String> statuses = new HashSet<>();
        operation(document, method, path).path("responses").fieldNames().forEachRemaining(statuses::add);
        statuses.removeAll(Set.of("2XX", "default"));
        return statuses;
    }

    @Test
    void everyReferenceLeadsToASchema() {
        for (JsonNode document : List.of(managerApi, ownApi)) {
            List<String> references = document.findValuesAsText("$ref");
            assertThat(references).isNotEmpty();
            for (String reference : references) {
                assertThat(document.at(reference.substring(1)).isObject())
                        .as(reference)
                        .isTrue();
            }
        }
    }

    @Test
    void noSchemaAndNoLineOfBodiesIsLeftOver() {
        Set<String> used = new HashSet<>();
        for (JsonNode document : List.of(managerApi, ownApi)) {
            document.at("/components/schemas").fieldNames().forEachRemaining(used::add);
        }
        Bodies bodies = OpenApiResource.bodies();
        assertThat(used).isEqualTo(bodies.schemas().keySet());
        int operations = 0;
        for (JsonNode document : List.of(managerApi, ownApi)) {
            for (JsonNode path : document.path("paths")) {
                operations += path.size();
            }
        }
        assertThat(bodies.operations()).hasSize(operations);
    }

    @Test
    void anOperationWhoseBodiesAreNotKnownIsAMistake() {
        Bodies bodies = Bodies.read(List.of("# a comment", "", "GET limits - [Limit]"), Map.of());
        List<OwnOperation> operations = OwnOperation.read(List.of("GET limits/tenants/{tenant} Show a limit"));
        assertThatThrownBy(() -> OpenApiDocument.ofOwnApi(operations, RouteTable.holdfastRoutes(), bodies))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bodies.txt says nothing of GET v1/limits/tenants/{tenant}");
        assertThatThrownBy(() -> Bodies.read(List.of("GET limits -"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GET limits -");
        assertThatThrownBy(() -> Bodies.read(List.of("GET limits - Limit", "GET limits - [Limit]"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two lines");
        assertThatThrownBy(() -> bodies.referredToIn(List.of(Map.of("$ref", "#/components/schemas/Limit"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no schema Limit");
    }
}
