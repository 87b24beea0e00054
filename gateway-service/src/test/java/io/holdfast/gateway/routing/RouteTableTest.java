package io.holdfast.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.gateway.bootstrap.FirstState;
import io.holdfast.gateway.bootstrap.ShippedFacts;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {

    private final RouteTable table = RouteTable.shipped();

    private RouteMatch match(String method, String rawPath) {
        ApiPath.Parsed parsed = ApiPath.parse(rawPath);
        assertThat(parsed).isInstanceOf(ApiPath.Found.class);
        return table.match(method, ((ApiPath.Found) parsed).path());
    }

    private RouteMatch.Matched matched(String method, String rawPath) {
        RouteMatch match = match(method, rawPath);
        assertThat(match).isInstanceOf(RouteMatch.Matched.class);
        return (RouteMatch.Matched) match;
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v3.1/blueprints, inventory, blueprint_list, /internal/inventory/blueprints",
        "GET, /api/v3.1/blueprints/b1, inventory, blueprint_get, /internal/inventory/blueprints/b1",
        "GET, /api/v3.1/blueprints/b1/archive, inventory, blueprint_download, /internal/inventory/blueprints/b1/archive",
        "HEAD, /api/v3.1/snapshots/s1/archive, snapshot, snapshot_download, /internal/snapshot/snapshots/s1/archive",
        "PUT, /api/v3.1/snapshots/s1, snapshot, snapshot_create, /internal/snapshot/snapshots/s1",
        "PUT, /api/v3.1/snapshots/archive, snapshot, snapshot_create, /internal/snapshot/snapshots/archive",
        "POST, /api/v3.1/snapshots/s1/restore, restore, snapshot_restore, /internal/restore/snapshots/s1/restore",
        "GET, /api/v3.1/snapshot-status, restore, , /internal/restore/snapshot-status",
        "POST, /api/v3.1/maintenance/activate, cluster, maintenance_mode_set, /internal/cluster/maintenance/activate",
        "GET, /api/v3.1/events, scheduler, event_list, /internal/scheduler/events",
        "GET, /api/v3.1/deployments/inter-deployment-dependencies, inventory, inter_deployment_dependency_list, "
                + "/internal/inventory/deployments/inter-deployment-dependencies",
        "GET, /api/v2.1/executions, scheduler, execution_list, /internal/scheduler/executions",
        "GET, /api/version, gateway, version_get, /internal/gateway/version",
        "GET, /api/v3.1/version, gateway, version_get, /internal/gateway/version",
        "PUT, /api/v3.1/users, gateway, user_create, /internal/gateway/users",
        "POST, /api/v3.1/db-nodes, gateway, cluster_node_config_update, /internal/gateway/db-nodes",
        "PATCH, /api/v3.1/secrets/k/set-visibility, inventory, secret_update, /internal/inventory/secrets/k/set-visibility",
        "PATCH, /api/v3.1/plugins/p/set-visibility, inventory, resource_set_visibility, /internal/inventory/plugins/p/set-visibility",
        "PUT, /api/holdfast/v1/limits/keys/t/k, scheduler, unlisted_resource, /internal/scheduler/v1/limits/keys/t/k",
        "GET, /api/holdfast/v1/limits, scheduler, unlisted_resource, /internal/scheduler/v1/limits",
        "POST, /api/holdfast/v1/restores/r1/undo, restore, snapshot_restore, /internal/restore/v1/restores/r1/undo",
        "GET, /api/holdfast/v1/executions/e1/history, scheduler, execution_get, /internal/scheduler/v1/executions/e1/history",
        "POST, /api/holdfast/v1/events/replay, gateway, unlisted_resource, /internal/gateway/v1/events/replay",
        "GET, /api/holdfast/v1/dead-letters, gateway, unlisted_resource, /internal/gateway/v1/dead-letters",
        "POST, /api/holdfast/v1/dead-letters/restore/1/replay, gateway, unlisted_resource, /internal/gateway/v1/dead-letters/restore/1/replay",
        "GET, /resources/deployments/t/d/, inventory, file_server_auth, /internal/inventory/resources/deployments/t/d/",
        "GET, /resources/deployments/t/d, inventory, file_server_auth, /internal/inventory/resources/deployments/t/d",
        "PUT, /resources/deployments/t/d/a%20b/c.txt, inventory, deployment_update, /internal/inventory/resources/deployments/t/d/a%20b/c.txt",
        "DELETE, /resources/deployments/t/d/a/, inventory, deployment_update, /internal/inventory/resources/deployments/t/d/a/",
        "GET, /resources/uploaded-blueprints/t/b/b.zip, inventory, file_server_auth, /internal/inventory/resources/uploaded-blueprints/t/b/b.zip",
        "GET, /resources/plugins/p/p.wgn, inventory, file_server_auth, /internal/inventory/resources/plugins/p/p.wgn",
        "PUT, /api/v3.1/log-bundles//b/archive, snapshot, log_bundle_create, /internal/snapshot/log-bundles/b/archive",
        "GET, /api/holdfast/v1/snapshots/s1/verify, snapshot, snapshot_get, /internal/snapshot/v1/snapshots/s1/verify"
    })
    void aUrlLeadsToItsServiceAndPermission(
            String method, String path, String service, String permission, String internalPath) {
        RouteMatch.Matched matched = matched(method, path);
        assertThat(matched.route().service()).isEqualTo(service);
        assertThat(matched.route().permission()).isEqualTo(permission);
        assertThat(matched.internalPath()).isEqualTo(internalPath);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v3.1/nosuch",
                "/api/v3.1/nosuch/thing",
                "/api/v3.1/tenants/a/b/c",
                "/api/v3.1/ok/x",
                "/api/holdfast/v1/nosuch",
                "/resources/",
                "/resources/deployments/",
                "/resources/deployments/t/",
                "/resources/tenants/t/x"
            })
    void anUnknownUrlIsUnknown(String path) {
        assertThat(match("GET", path)).isInstanceOf(RouteMatch.NoSuchUrl.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api",
                "/api/",
                "/api/v9/blueprints",
                "/api/v3.1",
                "/api/v3.1/",
                "/api/v3.1/blueprints/",
                "/api/v3.1//blueprints",
                "/api/v3.1/log-bundles//b",
                "/api/v3.1/log-bundles///archive",
                "/api/v3.1/snapshots//b/archive",
                "/api/v9/log-bundles//b/archive",
                "/api/holdfast/v2/restores",
                "/resources/deployments/t//d/",
                "/resources/deployments/t/d//"
            })
    void whatIsNotBelowAnApiIsUnknown(String path) {
        assertThat(ApiPath.parse(path)).isInstanceOf(ApiPath.Unknown.class);
    }

    @Test
    void aWrongMethodIsToldFromAnUnknownUrl() {
        assertThat(match("PATCH", "/api/v3.1/maintenance")).isEqualTo(new RouteMatch.WrongMethod(Set.of("GET")));
        assertThat(match("POST", "/resources/deployments/t/d/x"))
                .isEqualTo(new RouteMatch.WrongMethod(Set.of("GET", "PUT", "DELETE")));
        assertThat(match("PUT", "/resources/blueprints/t/b/x")).isEqualTo(new RouteMatch.WrongMethod(Set.of("GET")));
        assertThat(match("GET", "/api/v3.1/tenants/users")).isInstanceOf(RouteMatch.WrongMethod.class);
    }

    @Test
    void whatTheTableDoesNotListBelowAServiceIsForAdministrators() {
        RouteMatch.Matched matched = matched("POST", "/api/v3.1/deployments/d1/some/thing");
        assertThat(matched.route().permission()).isEqualTo(Route.ADMINISTRATORS_ONLY);
        assertThat(matched.route().service()).isEqualTo("inventory");
        assertThat(matched.route().template()).isEqualTo("deployments/**");
    }

    @Test
    void theTenantOfATenantUrlComesFromThePath() {
        assertThat(matched("GET", "/api/v3.1/tenants/shared").pathTenant()).isEqualTo("shared");
        assertThat(matched("DELETE", "/api/v3.1/tenants/shared").pathTenant()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v3.1/../../internal/inventory/secrets",
                "/api/v3.1/./blueprints",
                "/resources/deployments/t/d/../e/x",
                "/resources/deployments/t/d/a%2fb",
                "/x/../api/v3.1/blueprints",
                "/api/v3.1/%2e%2e/%2e%2e/internal/inventory/secrets",
                "/api/v3.1/.%2E/x",
                "/api/v3.1/blueprints/..%2f..%2finternal",
                "/api/v3.1/blueprints/a%2Fb",
                "/api/v3.1/blueprints/a%5cb",
                "/api/v3.1/blueprints/a\\b",
                "/api/v3.1/blueprints/a%00b",
                "/api/v3.1/blueprints/a%0d%0ab",
                "/api/v3.1/blueprints/a%zz",
                "/api/v3.1/blueprints/a%2",
                "/api/v3.1/blueprints/%c0%ae%c0%ae",
                "/api/v3.1/blueprints/\u00e4"
            })
    void pathTricksAreRefused(String path) {
        assertThat(ApiPath.parse(path)).isInstanceOf(ApiPath.Refused.class);
    }

    @Test
    void whatServicesGetIsEncodedAnew() {
        assertThat(matched("GET", "/api/v3.1/secrets/a%20b%3bc;d=e%252e%c3%a4~").internalPath())
                .isEqualTo("/internal/inventory/secrets/a%20b%3Bc%3Bd%3De%252e%C3%A4~");
    }

    @Test
    void everyPermissionOfTheTableIsInTheShippedOnes() {
        Set<String> known = ShippedFacts.permissions().stream()
                .map(FirstState.Grant::permission)
                .collect(Collectors.toSet());
        assertThat(table.routes())
                .hasSizeGreaterThan(150)
                .allSatisfy(route -> assertThat(route.permission() == null || known.contains(route.permission()))
                        .as(route.toString())
                        .isTrue());
    }

    @Test
    void onlyTheseNeedNoAuthentication() {
        assertThat(table.routes().stream().filter(Route::isOpen).map(Route::template))
                .containsExactlyInAnyOrder("ok", "snapshot-status", "openapi.json");
    }

    @Test
    void aTableWithAMistakeIsNotTaken() {
        assertThatThrownBy(() -> RouteTable.of(List.of("GET blueprints inventory blueprint_list")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RouteTable.of(List.of("GET a/{x} s - any", "GET a/{y} s - any")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
