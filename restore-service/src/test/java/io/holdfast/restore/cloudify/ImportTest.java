package io.holdfast.restore.cloudify;

import static io.holdfast.testsupport.cloudify.CloudifyItems.agent;
import static io.holdfast.testsupport.cloudify.CloudifyItems.blueprint;
import static io.holdfast.testsupport.cloudify.CloudifyItems.dependency;
import static io.holdfast.testsupport.cloudify.CloudifyItems.deployment;
import static io.holdfast.testsupport.cloudify.CloudifyItems.deploymentGroup;
import static io.holdfast.testsupport.cloudify.CloudifyItems.deploymentUpdate;
import static io.holdfast.testsupport.cloudify.CloudifyItems.event;
import static io.holdfast.testsupport.cloudify.CloudifyItems.events;
import static io.holdfast.testsupport.cloudify.CloudifyItems.execution;
import static io.holdfast.testsupport.cloudify.CloudifyItems.executionGroup;
import static io.holdfast.testsupport.cloudify.CloudifyItems.filter;
import static io.holdfast.testsupport.cloudify.CloudifyItems.label;
import static io.holdfast.testsupport.cloudify.CloudifyItems.node;
import static io.holdfast.testsupport.cloudify.CloudifyItems.nodeInstance;
import static io.holdfast.testsupport.cloudify.CloudifyItems.permission;
import static io.holdfast.testsupport.cloudify.CloudifyItems.plugin;
import static io.holdfast.testsupport.cloudify.CloudifyItems.pluginZip;
import static io.holdfast.testsupport.cloudify.CloudifyItems.pluginsUpdate;
import static io.holdfast.testsupport.cloudify.CloudifyItems.schedule;
import static io.holdfast.testsupport.cloudify.CloudifyItems.secret;
import static io.holdfast.testsupport.cloudify.CloudifyItems.secretsProvider;
import static io.holdfast.testsupport.cloudify.CloudifyItems.site;
import static io.holdfast.testsupport.cloudify.CloudifyItems.tasksGraph;
import static io.holdfast.testsupport.cloudify.CloudifyItems.tenant;
import static io.holdfast.testsupport.cloudify.CloudifyItems.uploadOf;
import static io.holdfast.testsupport.cloudify.CloudifyItems.user;
import static io.holdfast.testsupport.cloudify.CloudifyItems.userGroup;
import static io.holdfast.testsupport.cloudify.CloudifyItems.with;
import static io.holdfast.testsupport.cloudify.CloudifyItems.zip;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.holdfast.archive.cloudify.CloudifyArchive;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.restore.cloudify.KeptAccess.Administrator;
import io.holdfast.restore.loading.LoadOptions;
import io.holdfast.restore.loading.LoadReport;
import io.holdfast.restore.loading.Progress;
import io.holdfast.testsupport.cloudify.CloudifyArchiveBuilder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportTest {

    private static final String T = "default_tenant";
    private static final LoadOptions SALTED = new LoadOptions(null, false, false, false, "salt123", 1);
    private static final LoadOptions IGNORING_PLUGINS = new LoadOptions(null, false, true, false, null, 1);

    @TempDir
    Path folder;

    private final RecordingTarget target = new RecordingTarget();

    @Test
    void bothLayoutsComeBackTheSame() {
        // given
        RecordingTarget other = new RecordingTarget();
        // when
        LoadReport numbered = load(everything(CloudifyArchiveBuilder.numbered()));
        LoadReport directories =
                load(everything(CloudifyArchiveBuilder.directories()), other, LoadOptions.DEFAULTS, KeptAccess.NONE);
        // then
        assertThat(directories.rows()).isEqualTo(numbered.rows());
        numbered.rows()
                .keySet()
                .forEach(table -> assertThat(other.rows(table))
                        .as(table)
                        .containsExactlyInAnyOrderElementsOf(target.rows(table)));
    }

    @Test
    void everyTypeHasItsRows() {
        // when
        LoadReport report = load(everything(CloudifyArchiveBuilder.numbered()));
        // then
        assertThat(report.rows())
                .containsAllEntriesOf(Map.ofEntries(
                        Map.entry("access.tenants", 1L),
                        Map.entry("access.users", 1L),
                        Map.entry("access.user_groups", 1L),
                        Map.entry("access.permissions", 1L),
                        Map.entry("inventory.sites", 1L),
                        Map.entry("inventory.plugins", 1L),
                        Map.entry("inventory.secrets_providers", 1L),
                        Map.entry("inventory.secrets", 1L),
                        Map.entry("inventory.blueprints", 1L),
                        Map.entry("inventory.blueprint_labels", 2L),
                        Map.entry("inventory.deployments", 1L),
                        Map.entry("inventory.deployment_labels", 1L),
                        Map.entry("inventory.deployment_groups", 1L),
                        Map.entry("inventory.deployment_group_labels", 1L),
                        Map.entry("inventory.deployment_group_members", 2L),
                        Map.entry("inventory.nodes", 1L),
                        Map.entry("inventory.node_instances", 1L),
                        Map.entry("inventory.agents", 1L),
                        Map.entry("inventory.inter_deployment_dependencies", 1L),
                        Map.entry("inventory.deployment_updates", 1L),
                        Map.entry("inventory.plugins_updates", 1L),
                        Map.entry("inventory.deployments_filters", 1L),
                        Map.entry("inventory.blueprints_filters", 1L),
                        Map.entry("inventory.ui_data", 1L),
                        Map.entry("scheduler.executions", 1203L),
                        Map.entry("scheduler.execution_groups", 1L),
                        Map.entry("scheduler.execution_group_members", 2L),
                        Map.entry("scheduler.events", 1003L),
                        Map.entry("scheduler.tasks_graphs", 1L),
                        Map.entry("scheduler.operations", 3L),
                        Map.entry("scheduler.execution_schedules", 2L)));
        assertThat(report.sourceProduct()).isEqualTo("cloudify");
        assertThat(report.sourceVersion()).isEqualTo("7.1.0");
    }

    // ------------------------------------------------------------------------------------------------------------
    // access

    @Test
    void usersAreMembersOfTheGroupsThatTheirRolesName() {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .management("tenants", List.of(tenant(T)))
                .management("user_groups", List.of(userGroup("operators", Map.of(T, "operations"))))
                .management(
                        "users",
                        List.of(user(
                                "olga",
                                Map.of("research", "manager"),
                                Map.of(T, Map.of("operations", List.of("operators"))))));
        // when
        load(builder);
        // then
        assertThat(target.rows("access.user_group_members"))
                .containsExactly(Map.of("group_name", "operators", "username", "olga"));
        assertThat(target.rows("access.group_tenants"))
                .containsExactly(Map.of("group_name", "operators", "tenant_name", T, "role", "operations"));
        assertThat(target.rows("access.user_tenants"))
                .containsExactly(Map.of("username", "olga", "tenant_name", "research", "role", "manager"));
    }

    @Test
    void withTheSaltOfTheSourcePasswordsHold() {
        // given
        var builder = CloudifyArchiveBuilder.numbered().management("users", List.of(user("olga")));
        // when
        LoadReport report = load(builder, target, SALTED, KeptAccess.NONE);
        // then
        assertThat(target.row("access.users", "username", "olga"))
                .containsEntry("password_salt", "salt123")
                .containsEntry("password_hash", "$pbkdf2-sha256$1000$c2FsdHNhbHQ$olga");
        assertThat(report.warnings()).noneMatch(warning -> warning.contains("olga"));
        assertThat(report.toString()).doesNotContain("salt123");
    }

    @Test
    void withoutTheSaltUsersAreNamedWhoCannotLogIn() {
        // given
        var builder = CloudifyArchiveBuilder.numbered().management("users", List.of(user("olga"), user("piet")));
        // when
        LoadReport report = load(builder);
        // then
        assertThat(target.row("access.users", "username", "olga")).containsEntry("password_salt", null);
        assertThat(report.warnings())
                .anyMatch(warning -> warning.contains("hash_salt") && warning.endsWith("(2): olga, piet"));
    }

    @Test
    void theAdministratorIsNotLockedOut() {
        // given
        var builder = CloudifyArchiveBuilder.numbered().management("users", List.of(user("admin"), user("olga")));
        KeptAccess kept = new KeptAccess(
                KeptAccess.NONE.roles(),
                List.of(),
                Optional.of(new Administrator("admin", "hash-here", "salt-here", true, null, null, null)));
        // when
        load(builder, target, SALTED, kept);
        // then
        assertThat(target.row("access.users", "username", "admin"))
                .containsEntry("password_hash", "hash-here")
                .containsEntry("password_salt", "salt-here")
                .containsEntry("role", "sys_admin")
                .containsEntry("is_bootstrap_admin", true);
        assertThat(target.row("access.users", "username", "olga")).containsEntry("is_bootstrap_admin", false);
    }

    @Test
    void anAdministratorWhomTheArchiveDoesNotCarryStays() {
        // given
        var builder = CloudifyArchiveBuilder.numbered().management("users", List.of(user("olga")));
        KeptAccess kept = new KeptAccess(
                KeptAccess.NONE.roles(),
                List.of(),
                Optional.of(new Administrator("root", "hash-here", null, true, null, null, null)));
        // when
        load(builder, target, SALTED, kept);
        // then
        assertThat(target.rows("access.users"))
                .extracting(row -> row.get("username"))
                .containsExactly("olga", "root");
    }

    @Test
    void aPermissionThatWasTakenAwayDoesNotComeBackButUnknownOnesStay() {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .management("permissions", List.of(permission("manager", "site_create")));
        KeptAccess kept = new KeptAccess(
                KeptAccess.NONE.roles(),
                List.of(
                        new KeptAccess.Permission("user", "site_create"),
                        new KeptAccess.Permission("user", "only_here")),
                Optional.empty());
        // when
        load(builder, target, SALTED, kept);
        // then
        assertThat(target.rows("access.permissions"))
                .containsExactly(
                        Map.of("role", "manager", "permission", "site_create"),
                        Map.of("role", "user", "permission", "only_here"));
    }

    @Test
    void tenantsThatAreOnlyFoldersAreAddedWithAWarning() {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .management("tenants", List.of(tenant("arbitrary")))
                .dump("anothertenant", "sites", List.of(site("london", null)));
        // when
        LoadReport report = load(builder);
        // then
        assertThat(target.rows("access.tenants"))
                .extracting(row -> row.get("name"))
                .containsExactly("arbitrary", "anothertenant", T);
        assertThat(target.row("access.tenants", "name", "arbitrary"))
                .containsEntry("rabbitmq_password_enc", "sealed(rabbit-arbitrary)@tenants/arbitrary");
        assertThat(report.warnings()).anyMatch(warning -> warning.contains("anothertenant"));
    }

    @Test
    void usersThatDifferOnlyInCaseAreRefused() {
        var builder = CloudifyArchiveBuilder.numbered().management("users", List.of(user("Olga"), user("olga")));
        assertThatThrownBy(() -> load(builder))
                .isInstanceOf(ManagerException.class)
                .hasMessageContaining("Olga");
    }

    // ---------------------------------------------------------------------------------------------------------
    // inventory

    @Test
    void aSiteHasItsPlace() {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(T, "sites", List.of(site("london", "51.5, -0.12"), site("nowhere", null), site("odd", "north")));
        // when
        LoadReport report = load(builder);
        // then
        assertThat(target.row("inventory.sites", "name", "london"))
                .containsEntry("latitude", 51.5)
                .containsEntry("longitude", -0.12);
        assertThat(target.row("inventory.sites", "name", "nowhere")).containsEntry("latitude", null);
        assertThat(report.warnings()).anyMatch(warning -> warning.contains("odd"));
    }

    @Test
    void aPluginIsReadFromItsWagon() {
        // given
        byte[] archive =
                pluginZip("test-plugin", "1.0", "blueprint_labels: {obj-type: {values: [aws]}}\nlabels: [odd]");
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(T, "plugins", List.of(plugin("p1")))
                .pluginArchive(T, "p1", archive);
        // when
        load(builder);
        // then
        Map<String, Object> row = target.row("inventory.plugins", "id", "p1");
        assertThat(row)
                .containsEntry("package_name", "test-plugin")
                .containsEntry("package_version", "1.0")
                .containsEntry("archive_name", "test_plugin-1.0-py311-none-linux_x86_64.wgn")
                .containsEntry("package_source", "test-plugin==1.0")
                .containsEntry("distribution", "centos")
                .containsEntry("distribution_version", "7.9")
                .containsEntry("distribution_release", "core")
                .containsEntry("supported_platform", "\"linux_x86_64\"")
                .containsEntry("supported_py_versions", "[\"py311\"]")
                .containsEntry("wheels", "[\"a.whl\"]")
                .containsEntry("excluded_wheels", "[]")
                .containsEntry("blueprint_labels", "{\"obj-type\":[\"aws\"]}")
                .containsEntry("labels", null)
                .containsEntry("yaml_files", "[\"plugin.yaml\"]");
        assertThat(target.content(row.get("archive_sha256"))).isEqualTo(archive);
        assertThat(target.content(row.get("wagon_sha256"))).startsWith('P', 'K');
    }

    @Test
    void aPluginThatCannotBeReadEndsTheRestoreUnlessAskedOtherwise() {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(T, "plugins", List.of(plugin("p1"), plugin("p2")))
                .pluginArchive(T, "p1", "garbage".getBytes(UTF_8))
                .pluginArchive(T, "p2", new byte[0]);
        // when
        assertThatThrownBy(() -> load(builder))
                // then
                .isInstanceOfSatisfying(ManagerException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARCHIVE);
                    assertThat(e.detail()).contains("p1");
                    assertThat(e.hint()).contains("ignore_plugin_failure");
                });
        RecordingTarget second = new RecordingTarget();
        LoadReport report = load(builder, second, IGNORING_PLUGINS, KeptAccess.NONE);
        assertThat(second.rows("inventory.plugins"))
                .extracting(row -> row.get("archive_sha256"))
                .containsExactly(null, null);
        assertThat(report.warnings())
                .anyMatch(warning -> warning.contains("p1") && warning.contains("cannot be used"))
                .anyMatch(warning -> warning.contains("p2") && warning.contains("without an archive"));
    }

    @Test
    void secretsAreSealedForTheirOwnerAndPlace() {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(
                        T,
                        "secrets",
                        List.of(
                                with(secret(T, "pw", "sword\u0000fish"), "is_hidden_value", true),
                                with(secret(T, "obj", "{\"a\": 1}"), "schema", Map.of("type", "object"))));
        // when
        LoadReport report = load(builder);
        // then
        assertThat(target.row("inventory.secrets", "key", "pw"))
                .containsEntry("value_enc", "sealed(sword\u0000fish)@secrets/default_tenant/pw")
                .containsEntry("is_hidden_value", true)
                .containsEntry("created_by", "admin");
        assertThat(target.row("inventory.secrets", "key", "obj"))
                .containsEntry("value_enc", "sealed({\"a\": 1})@secrets/default_tenant/obj")
                .containsEntry("schema", "{\"type\":\"object\"}");
        assertThat(report.rows()).containsEntry("inventory.secrets", 2L);
    }

    @Test
    void globalResourcesAreStoredOnceUnderTheirOwner() {
        // given: as the source dumps them, in every tenant
        Map<String, Object> shared = with(secret("shared", "shared_key", "k"), "visibility", "global");
        Map<String, Object> common = with(blueprint("common_bp"), "visibility", "global");
        Map<String, Object> plugin = with(plugin("p1"), "visibility", "global", "uploaded_at", "2026-01-02T03:04:06Z");
        Map<String, Object> lonely = with(site("lonely", null), "visibility", "global", "created_by", "nobody");
        var builder = CloudifyArchiveBuilder.numbered();
        for (String tenant : List.of(T, "other", "shared")) {
            builder.dump(tenant, "sites", List.of(lonely))
                    .dump(tenant, "plugins", List.of(plugin))
                    .dump(tenant, "secrets", List.of(shared))
                    .dump(tenant, "blueprints", List.of(common, blueprint("bp1")))
                    .pluginArchive(tenant, "p1", pluginZip("p", "1", "{}"))
                    .blueprintArchive(tenant, "common_bp", new byte[] {0x1f, (byte) 0x8b, 8});
        }
        builder.dump("shared", "executions", List.of(uploadOf("common_bp", "upload1")));
        // when
        LoadReport report = load(builder);
        // then
        assertThat(target.row("inventory.secrets", "key", "shared_key")).containsEntry("tenant_name", "shared");
        assertThat(target.row("inventory.blueprints", "id", "common_bp"))
                .containsEntry("tenant_name", "shared")
                .containsEntry("upload_execution_id", "upload1")
                .containsEntry("archive_name", "common_bp.tar.gz");
        assertThat(target.rows("inventory.blueprints")).hasSize(4);
        assertThat(target.row("inventory.plugins", "id", "p1")).containsEntry("tenant_name", "shared");
        assertThat(target.row("inventory.sites", "name", "lonely")).containsEntry("tenant_name", T);
        assertThat(report.warnings())
                .anyMatch(warning -> warning.contains("plugins p1") && warning.contains("shared"))
                .anyMatch(warning -> warning.contains("sites lonely") && warning.contains("nothing in the archive"))
                .noneMatch(warning -> warning.contains("global blueprints") || warning.contains("global secrets"));
    }

    @Test
    void partsOfAGlobalDeploymentAreStoredOnce() {
        // given
        var builder = CloudifyArchiveBuilder.numbered();
        for (String tenant : List.of(T, "other")) {
            builder.dump(tenant, "deployments", List.of(with(deployment("dep1", "bp1"), "visibility", "global")))
                    .dump(tenant, "nodes", "dep1", List.of(node("vm")))
                    .dump(tenant, "node_instances", "dep1", List.of(nodeInstance("vm_1", "vm")))
                    .dump(tenant, "executions", List.of(execution("exec1", "dep1", "install", "terminated")))
                    .events(tenant, "executions", "exec1", List.of(event("hello")));
        }
        // when
        LoadReport report = load(builder);
        // then
        assertThat(report.rows())
                .containsEntry("inventory.deployments", 1L)
                .containsEntry("inventory.nodes", 1L)
                .containsEntry("inventory.node_instances", 1L)
                .containsEntry("scheduler.executions", 1L)
                .containsEntry("scheduler.events", 1L);
    }

    @Test
    void linksOfADeploymentComeFromItsExecutions() {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(T, "blueprints", List.of(blueprint("bp1")))
                .dump(T, "deployments", List.of(deployment("dep1", "bp1"), deployment("dep2", "bp1")))
                .dump(
                        T,
                        "executions",
                        List.of(
                                with(
                                        execution("failed-later", "dep1", "install", "failed"),
                                        "started_at",
                                        null,
                                        "created_at",
                                        "2026-03-01T00:00:00Z"),
                                with(
                                        execution("created", "dep1", "create_deployment_environment", "terminated"),
                                        "started_at",
                                        "2026-02-01T00:00:00Z")))
                .dump(
                        T,
                        "tasks_graphs",
                        "failed-later",
                        List.of(tasksGraph(
                                "graph1",
                                "failed-later",
                                "NOPLocalWorkflowTask",
                                "RemoteWorkflowTask",
                                "SubgraphTask")));
        // when
        load(builder);
        // then
        assertThat(target.row("inventory.deployments", "id", "dep1"))
                .containsEntry("create_execution_id", "created")
                .containsEntry("latest_execution_id", "failed-later")
                .containsEntry("latest_execution_status", "failed")
                .containsEntry("latest_execution_workflow_id", "install")
                .containsEntry("latest_execution_total_operations", 2)
                .containsEntry("latest_execution_finished_operations", 2);
        assertThat(target.row("inventory.deployments", "id", "dep2")).containsEntry("latest_execution_id", null);
        assertThat(target.row("scheduler.executions", "id", "failed-later"))
                .containsEntry("deployment_display_name", "Display of dep1")
                .containsEntry("blueprint_id", "bp1")
                .containsEntry("total_operations", 2);
    }

    @Test
    void aWorkDirectoryComesBackAndGarbageInItsPlaceIsNamed() {
        // given
        byte[] workdir = zip(Map.of("file", "x".getBytes(UTF_8)));
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(T, "deployments", List.of(deployment("dep1", "bp1"), deployment("dep2", "bp1")))
                .workDirectory(T, "dep1", Base64.getEncoder().encodeToString(workdir))
                .workDirectory(T, "dep2", "There should be cake.\n");
        // when
        LoadReport report = load(builder);
        // then
        assertThat(target.content(
                        target.row("inventory.deployments", "id", "dep1").get("workdir_sha256")))
                .isEqualTo(workdir);
        assertThat(target.row("inventory.deployments", "id", "dep2")).containsEntry("workdir_sha256", null);
        assertThat(report.warnings()).anyMatch(warning -> warning.contains("work directory of deployments dep2"));
    }

    @Test
    void agentsAreLinkedToNodeAndDeployment() {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(T, "deployments", List.of(deployment("dep1", "bp1")))
                .dump(T, "node_instances", "dep1", List.of(nodeInstance("vm_1", "vm")))
                .dump(T, "agents", "dep1", List.of(agent("vm_1")));
        // when
        load(builder);
        // then
        assertThat(target.row("inventory.agents", "id", "vm_1"))
                .containsEntry("name", "vm_1")
                .containsEntry("deployment_id", "dep1")
                .containsEntry("node_id", "vm")
                .containsEntry("host_id", "vm_1")
                .containsEntry("rabbitmq_password_enc", "sealed(rabbit-vm_1)@agents/default_tenant/vm_1");
        assertThat(target.row("inventory.node_instances", "id", "vm_1")).containsEntry("version", 1);
    }

    // ---------------------------------------------------------------------------------------------------------
    // scheduler

    @Test
    void statusesOfExecutionsStayAsCarriedAndTheSnapshotsOwnIsNamed() {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .metadata("execution_id", "snap")
                .dump(
                        T,
                        "executions",
                        List.of(
                                execution("snap", null, "create_snapshot", "started"),
                                with(
                                        execution("later", "dep1", "install", "scheduled"),
                                        "scheduled_for",
                                        "2030-01-01T00:00:00Z")));
        // when
        LoadReport report = load(builder);
        // then
        assertThat(report.createExecutionId()).isEqualTo("snap");
        assertThat(report.snapshotCreatedAt()).isEqualTo(Instant.parse("2026-01-02T03:04:05.678Z"));
        assertThat(target.row("scheduler.executions", "id", "snap")).containsEntry("status", "started");
        assertThat(target.row("scheduler.executions", "id", "later"))
                .containsEntry("status", "scheduled")
                .containsEntry("scheduled_for", Instant.parse("2030-01-01T00:00:00Z"));
    }

    @Test
    void schedulesComeBackWithAnyRule() {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(
                        T,
                        "execution_schedules",
                        List.of(
                                schedule("rrule", "dep1", Map.of("rrule", "RRULE:FREQ=DAILY")),
                                schedule("once", "dep1", Map.of("count", 1)),
                                schedule("weekly", "dep1", Map.of("recurrence", "1 weeks"))));
        // when
        LoadReport report = load(builder);
        // then
        assertThat(target.rows("scheduler.execution_schedules"))
                .extracting(row -> row.get("rule"))
                .containsExactly("{\"rrule\":\"RRULE:FREQ=DAILY\"}", "{\"count\":1}", "{\"recurrence\":\"1 weeks\"}");
        assertThat(report.warnings()).anyMatch(warning -> warning.contains("schedules that name a deployment"));
    }

    @Test
    void equalEventsStayAndKnowTheirNode() {
        // given
        Map<String, Object> event = with(event("same"), "node_instance_id", "vm_1");
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(T, "node_instances", "dep1", List.of(nodeInstance("vm_1", "vm")))
                .dump(T, "executions", List.of(execution("exec1", null, "install", "terminated")))
                .events(T, "executions", "exec1", List.of(event, event))
                .events(T, "execution_groups", "group1", List.of(event("group event")));
        // when
        load(builder);
        // then
        assertThat(target.rows("scheduler.events"))
                .extracting(row -> row.get("message"), row -> row.get("node_name"), row -> row.get("execution_id"))
                .containsExactly(
                        tuple("same", "vm", "exec1"), tuple("same", "vm", "exec1"), tuple("group event", null, null));
        assertThat(target.row("scheduler.events", "message", "group event"))
                .containsEntry("execution_group_id", "group1");
    }

    @Test
    void aStatusThatNoManagerHasIsRefusedByName() {
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(T, "executions", List.of(execution("exec1", null, "install", "dreaming")));
        assertThatThrownBy(() -> load(builder))
                .isInstanceOf(ManagerException.class)
                .hasMessageContaining("exec1")
                .hasMessageContaining("dreaming");
    }

    @Test
    void valuesThatTheDatabaseCannotHoldAreReplacedAndNamed() {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(
                        T,
                        "node_instances",
                        "dep1",
                        List.of(with(nodeInstance("vm_1", "vm"), "runtime_properties", Map.of("a", "x\u0000"))));
        // when
        LoadReport report = load(builder);
        // then
        assertThat(target.row("inventory.node_instances", "id", "vm_1"))
                .containsEntry("runtime_properties", "{\"a\":\"x\u2400\"}");
        assertThat(report.warnings()).anyMatch(warning -> warning.contains("vm_1") && warning.contains("NUL"));
    }

    @Test
    void danglingReferencesAreKeptAndCounted() {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(T, "deployments", List.of(deployment("dep1", "gone")))
                .dump(T, "deployment_groups", List.of(deploymentGroup("grp", "gone")))
                .dump(T, "inter_deployment_dependencies", List.of(dependency("d1", "dep1", "gone")))
                .dump(T, "executions", List.of(execution("exec1", "gone", "install", "terminated")))
                .dump(T, "execution_groups", List.of(executionGroup("egrp", "exec1", "gone")))
                .dump(T, "tasks_graphs", "gone", List.of(tasksGraph("graph1", "gone")));
        // when
        LoadReport report = load(builder);
        // then
        assertThat(target.rows("scheduler.execution_group_members")).hasSize(2);
        assertThat(target.row("scheduler.executions", "id", "exec1")).containsEntry("deployment_id", "gone");
        for (String part : List.of(
                "deployments of blueprints",
                "deployment groups that",
                "dependencies that",
                "executions that",
                "execution groups that",
                "tasks graphs of")) {
            assertThat(report.warnings()).anyMatch(warning -> warning.contains(part) && warning.contains("(1)"));
        }
    }

    @Test
    void whatIsNotUnderstoodIsNamed() {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(T, "dreams", List.of(site("x", null)))
                .dump(T, "sites", List.of(with(site("london", null), "altitude", 3, "nothing", null)))
                .pluginArchive(T, "nobodys", new byte[] {1});
        // when
        LoadReport report = load(builder);
        // then
        assertThat(report.warnings())
                .anyMatch(warning -> warning.contains("dreams"))
                .anyMatch(warning -> warning.contains("sites.altitude"))
                .anyMatch(warning -> warning.contains("nobodys"))
                .noneMatch(warning -> warning.contains("sites.nothing"));
    }

    // -----------------------------------------------------------------------------------------------------------
    // helpers

    private LoadReport load(CloudifyArchiveBuilder builder) {
        return load(builder, target, LoadOptions.DEFAULTS, KeptAccess.NONE);
    }

    private LoadReport load(
            CloudifyArchiveBuilder builder, RecordingTarget into, LoadOptions options, KeptAccess kept) {
        Path zip = builder.writeTo(folder.resolve("archive.zip"));
        try (CloudifyArchive archive = CloudifyArchive.open(zip)) {
            return Import.run(archive, into, options, kept, Progress.NONE);
        }
    }

    private static CloudifyArchiveBuilder everything(CloudifyArchiveBuilder builder) {
        List<Map<String, Object>> executions = new ArrayList<>(IntStream.range(0, 1200)
                .mapToObj(i -> execution("exec" + i, "dep1", "install", "terminated"))
                .toList());
        executions.add(execution("create", "dep1", "create_deployment_environment", "terminated"));
        executions.add(uploadOf("bp1", "upload"));
        executions.add(execution("exec-grouped", "dep1", "install", "failed"));
        List<Map<String, Object>> events = new ArrayList<>(events("message", 1000));
        events.add(event("same"));
        events.add(event("same"));
        UnaryOperator<Map<String, Object>> labelled =
                item -> with(item, "labels", List.of(label("env", "test"), label("env", "test")));
        return builder.management("tenants", List.of(tenant(T)))
                .management("permissions", List.of(permission("user", "site_create")))
                .management("user_groups", List.of(userGroup("operators", Map.of(T, "operations"))))
                .management("users", List.of(user("olga", Map.of(T, "user"), Map.of())))
                .dump(T, "sites", List.of(site("london", "51.5, -0.12")))
                .dump(T, "plugins", List.of(plugin("p1")))
                .dump(T, "secrets_providers", List.of(secretsProvider("vault", Map.of("url", "x"))))
                .dump(T, "secrets", List.of(secret(T, "pw", "swordfish")))
                .dump(
                        T,
                        "blueprints",
                        List.of(with(blueprint("bp1"), "labels", List.of(label("env", "test"), label("env", "prod")))))
                .dump(T, "deployments", List.of(labelled.apply(deployment("dep1", "bp1"))))
                .dump(T, "deployment_groups", List.of(labelled.apply(deploymentGroup("grp", "dep1", "dep2"))))
                .dump(T, "nodes", "dep1", List.of(node("vm")))
                .dump(T, "node_instances", "dep1", List.of(nodeInstance("vm_1", "vm")))
                .dump(T, "agents", "dep1", List.of(agent("vm_1")))
                .dump(T, "inter_deployment_dependencies", List.of(dependency("d1", "dep1", "dep2")))
                .dump(T, "executions", executions)
                .dump(T, "execution_groups", List.of(executionGroup("egrp", "exec0", "exec-grouped")))
                .events(T, "executions", "exec0", events)
                .events(T, "execution_groups", "egrp", List.of(event("of the group")))
                .dump(T, "deployment_updates", List.of(deploymentUpdate("upd1", "dep1")))
                .dump(T, "plugins_update", List.of(pluginsUpdate("pu1", "bp1")))
                .dump(T, "deployments_filters", List.of(filter("df")))
                .dump(T, "blueprints_filters", List.of(filter("bf")))
                .dump(
                        T,
                        "tasks_graphs",
                        "exec0",
                        List.of(tasksGraph(
                                "graph1", "exec0", "NOPLocalWorkflowTask", "RemoteWorkflowTask", "SubgraphTask")))
                .dump(
                        T,
                        "execution_schedules",
                        List.of(
                                schedule("daily", "dep1", Map.of("rrule", "RRULE:FREQ=DAILY")),
                                schedule("daily", "dep2", Map.of("count", 1))))
                .blueprintArchive(T, "bp1", new byte[] {0x1f, (byte) 0x8b, 8})
                .pluginArchive(T, "p1", pluginZip("test-plugin", "1.0", "{}"))
                .file("composer/blueprints.json", "{\"type\": \"blueprints\", \"items\": []}");
    }
}
