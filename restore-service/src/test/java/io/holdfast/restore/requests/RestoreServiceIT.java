package io.holdfast.restore.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.restore.requests.app.EndRestore;
import io.holdfast.restore.support.StubServices;
import io.holdfast.restore.support.TestManager;
import io.holdfast.restore.undo.app.DiscardFormerState;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class RestoreServiceIT {

    private static final CallerIdentity ADMIN =
            new CallerIdentity("admin", true, "default_tenant", null, List.of(), "http_basic", Instant.EPOCH);

    @Inject
    InternalHttp http;

    @Inject
    DiscardFormerState discard;

    @ConfigProperty(name = "holdfast.database.url")
    String url;

    @ConfigProperty(name = "holdfast.database.username")
    String username;

    @ConfigProperty(name = "holdfast.database.password")
    String password;

    @TempDir
    Path folder;

    private TestManager manager;
    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            logged.add(line.getLevel() + " "
                    + new org.jboss.logmanager.formatters.PatternFormatter("%s")
                            .format(org.jboss.logmanager.ExtLogRecord.wrap(line)));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void cleanManager() {
        manager = TestManager.at(url, username, password, MasterKey.of(HoldfastResources.SECRET_KEY));
        await().atMost(Duration.ofMinutes(5))
                .until(() -> manager.ask(
                                "SELECT count(*) FROM restore_control.restores WHERE status NOT IN ('completed', 'failed') OR gate_held")
                        .equals("0"));
        for (String table : List.of(
                "inventory.blueprints",
                "inventory.deployments",
                "scheduler.executions",
                "scheduler.events",
                "access.users",
                "access.tenants",
                "restore_control.restores",
                "restore_control.outbox")) {
            manager.execute("DELETE FROM " + table);
        }
        manager.execute("INSERT INTO access.users (username, password_hash, role, is_bootstrap_admin)"
                + " VALUES ('admin', 'h', 'sys_admin', true)");
        manager.execute("INSERT INTO access.tenants (name) VALUES ('default_tenant')");
        StubServices.STATUS.clear();
        StubServices.GATE.clear();
        StubServices.EXECUTIONS.clear();
        logged.clear();
        Logger.getLogger(EndRestore.class.getName()).addHandler(handler);
        Logger.getLogger(EndRestore.class.getName()).setLevel(Level.INFO);
    }

    @AfterEach
    void stopListening() {
        Logger.getLogger(EndRestore.class.getName()).removeHandler(handler);
        TestManager.dropAll();
    }

    private void snapshot(String id, TestManager of) {
        StubServices.STATUS.put(id, "created");
        StubServices.ARCHIVES.put(id, of.archive(folder.resolve(id + ".zip"), null));
    }

    private JsonNode post(String path, Object body) {
        return http.to("restore").as(ADMIN).post(path, body, JsonNode.class);
    }

    private JsonNode get(String path) {
        return http.to("restore").as(ADMIN).get(path, JsonNode.class);
    }

    private ManagerException refused(String path, Object body) {
        return catchThrowableOfType(ManagerException.class, () -> post(path, body));
    }

    private JsonNode ended(String id) {
        await().atMost(Duration.ofMinutes(5))
                .untilAsserted(
                        () -> assertThat(get("/snapshot-status").get("status").asText())
                                .isEqualTo("not-running"));
        return get("/v1/restores/" + id);
    }

    @Test
    void aRestoreAnswersAtOnceRunsBehindTheGateAndTellsWhatBecameOfScheduledExecutions() {
        // given
        TestManager source = TestManager.create(7);
        source.fill(10);
        Instant past = Instant.now().minus(Duration.ofHours(2)).truncatedTo(ChronoUnit.MILLIS);
        Instant future = Instant.now().plus(Duration.ofHours(2)).truncatedTo(ChronoUnit.MILLIS);
        source.execute(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, scheduled_for, created_at) VALUES"
                        + " ('default_tenant', 'w1', 'W1', 'scheduled', '" + past + "', now()),"
                        + " ('default_tenant', 'w2', 'W2', 'scheduled', '" + future + "', now())");
        snapshot("s1", source);
        // when
        JsonNode answer = post("/snapshots/s1/restore", Map.of("force", false, "unknown", 1));
        JsonNode running = get("/snapshot-status");
        // then
        assertThat(answer.get("status").asText()).isEqualTo("pending");
        assertThat(running.get("status").asText()).isIn("running", "not-running");
        JsonNode restore = ended(answer.get("id").asText());
        assertThat(restore.get("status").asText()).as(restore.toPrettyString()).isEqualTo("completed");
        assertThat(restore.get("counts").get("executions").get("overdue").asInt())
                .isEqualTo(1);
        assertThat(restore.get("decisions")).hasSize(2);
        String reason = "snapshot restore " + answer.get("id").asText();
        assertThat(StubServices.GATE).containsExactly("enter " + reason, "leave " + reason);
        String line = "Execution w1 scheduled for " + io.holdfast.http.ApiTime.format(past)
                + " is overdue. Marking as FAILED.";
        assertThat(logged).containsOnlyOnce("INFO " + line);
        assertThat(manager.ask("SELECT error FROM scheduler.executions WHERE id = 'w1'"))
                .isEqualTo(line);
        assertThat(manager.ask("SELECT status FROM scheduler.executions WHERE id = 'w2'"))
                .isEqualTo("scheduled");
        assertThat(get("/snapshot-status").get("message").asText())
                .isEqualTo("No `restore_snapshot` workflow currently running.");
    }

    @Test
    void aRestoreShowsAsAnExecutionFromItsAcceptanceAndDoesNotStandInItsOwnWay() {
        // given
        TestManager source = TestManager.create(7);
        snapshot("s-shown", source);
        StubServices.atTheGate = () -> manager.execute(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, is_system_workflow, status, created_at)"
                        + " SELECT tenant_name, id, 'restore_snapshot', true, 'started', requested_at FROM restore_control.restores"
                        + " ON CONFLICT DO NOTHING");
        // when
        String id = post("/snapshots/s-shown/restore", Map.of("force", true, "timeout", 77))
                .get("id")
                .asText();
        // then
        assertThat(StubServices.shown(id)).startsWith("pending open");
        JsonNode restore = ended(id);
        StubServices.atTheGate = () -> {};
        assertThat(restore.get("status").asText()).as(restore.toPrettyString()).isEqualTo("completed");
        assertThat(StubServices.shown(id)).containsExactly("pending open", "started open");
        JsonNode shown =
                new ObjectMapper().valueToTree(StubServices.EXECUTIONS.get(id).get(0));
        assertThat(shown.get("workflow_id").asText()).isEqualTo("restore_snapshot");
        assertThat(shown.get("tenant_name").asText()).isEqualTo("default_tenant");
        assertThat(shown.get("created_by").asText()).isEqualTo("admin");
        assertThat(shown.get("parameters").get("timeout").asInt()).isEqualTo(77);
        assertThat(manager.list("SELECT status || ' ' || created_by || ' ' || (parameters = '" + shown.get("parameters")
                        + "'::jsonb) || ' ' || (date_trunc('milliseconds', created_at) = '"
                        + shown.get("created_at").asText() + "') FROM scheduler.executions WHERE id = '" + id + "'"))
                .containsExactly("terminated admin true true");
        // and the former state does not show it as under way once it is live again
        post("/v1/restores/" + id + "/undo", null);
        assertThat(manager.list("SELECT status FROM scheduler.executions WHERE id = '" + id + "'"))
                .containsExactly("terminated");
        assertThat(manager.list(
                        "SELECT from_status || ' ' || to_status || ' ' || changed_by FROM scheduler.execution_history"
                                + " WHERE execution_id = '" + id + "'"))
                .containsExactly("started terminated holdfast:restore");
    }

    @Test
    void whileARestoreRunsOtherServicesAreToldOfWhichSnapshot() {
        // given
        TestManager source = TestManager.create(7);
        snapshot("s-told", source);
        List<String> told = new CopyOnWriteArrayList<>();
        StubServices.atTheGate = () -> told.add(get("/running").toString());
        // when
        JsonNode restore = ended(post("/snapshots/s-told/restore", Map.of("force", true))
                .get("id")
                .asText());
        StubServices.atTheGate = () -> {};
        // then
        assertThat(restore.get("status").asText()).as(restore.toPrettyString()).isEqualTo("completed");
        assertThat(told).hasSize(2);
        for (String answer : told) {
            assertThat(answer).contains("\"snapshot_id\":\"s-told\"", "\"tenant_name\":\"default_tenant\"");
        }
        assertThat(get("/running")).hasToString("{\"items\":[]}");
    }

    @Test
    void edgeCase4_theLineIsLoggedOnceThoughTheSnapshotIsRestoredTwice() {
        // given
        TestManager source = TestManager.create(7);
        source.execute(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, scheduled_for, created_at)"
                        + " VALUES ('default_tenant', 'w1', 'W1', 'scheduled', '2020-03-13T04:00:00Z', now())");
        snapshot("s1", source);
        String line = "INFO Execution w1 scheduled for 2020-03-13T04:00:00.000Z is overdue. Marking as FAILED.";
        // when
        JsonNode first = ended(post("/snapshots/s1/restore", null).get("id").asText());
        JsonNode second = ended(
                post("/snapshots/s1/restore", Map.of("force", true)).get("id").asText());
        // then
        assertThat(first.get("status").asText()).isEqualTo("completed");
        assertThat(second.get("status").asText()).isEqualTo("completed");
        assertThat(second.get("epoch").asLong()).isEqualTo(first.get("epoch").asLong() + 1);
        assertThat(second.get("overdue_grace_ms").asLong()).isZero();
        assertThat(second.get("source").get("installation").asText()).isEqualTo("source-installation");
        assertThat(logged).containsOnlyOnce(line);
        assertThat(manager.list("SELECT type FROM restore_control.outbox WHERE type = 'execution.failed.v1'"))
                .hasSizeLessThanOrEqualTo(1);
        assertThat(manager.ask("SELECT status FROM scheduler.executions WHERE id = 'w1'"))
                .isEqualTo("failed");
    }

    @Test
    void aManagerThatIsNotCleanIsRefusedUntilForcedAndTheFormerStateCanComeBack() {
        // given
        TestManager source = TestManager.create(7);
        source.fill(10);
        snapshot("s1", source);
        manager.execute("INSERT INTO inventory.deployments (tenant_name, id) VALUES ('default_tenant', 'mine')");
        // when, then
        ManagerException refusal = refused("/snapshots/s1/restore", null);
        assertThat(refusal.code()).isEqualTo(ErrorCode.MANAGER_NOT_CLEAN);
        assertThat(refusal.detail()).startsWith("manager holds 1 deployment in tenant default_tenant");
        assertThat(refusal.hint()).contains("force");
        assertThat(manager.ask("SELECT count(*) FROM restore_control.restores")).isEqualTo("0");
        // when
        String id =
                post("/snapshots/s1/restore", Map.of("force", "true")).get("id").asText();
        assertThat(ended(id).get("undo").asText()).isEqualTo("available");
        assertThat(manager.ask("SELECT count(*) FROM inventory.deployments WHERE id = 'mine'"))
                .isEqualTo("0");
        JsonNode undone = post("/v1/restores/" + id + "/undo", null);
        // then
        assertThat(undone.get("undo").asText()).isEqualTo("undone");
        assertThat(manager.list("SELECT id FROM inventory.deployments")).containsExactly("mine");
        assertThat(StubServices.GATE).hasSize(4);
        assertThat(refused("/v1/restores/" + id + "/undo", null).code()).isEqualTo(ErrorCode.ILLEGAL_ACTION);
    }

    @Test
    void aSnapshotMadeAfterARestoreEndsItsUndoPointAndAnOlderOneDoesNot() {
        TestManager source = TestManager.create(7);
        snapshot("s1", source);
        String id = post("/snapshots/s1/restore", null).get("id").asText();
        assertThat(ended(id).get("undo").asText()).isEqualTo("available");
        // when, then
        discard.snapshotCreated(Instant.parse("2020-01-01T00:00:00Z"));
        assertThat(get("/v1/restores/" + id).get("undo").asText()).isEqualTo("available");
        discard.snapshotCreated(Instant.now().plusSeconds(60));
        assertThat(get("/v1/restores/" + id).get("undo").asText()).isEqualTo("discarded");
        assertThat(manager.list("SELECT nspname FROM pg_namespace WHERE nspname LIKE '%_before'"))
                .isEmpty();
    }

    @Test
    void refusalsHaveTheTextsOfTheApiAndLeaveNothingBehind() {
        StubServices.STATUS.put("bad", "failed");
        StubServices.STATUS.put("young", "creating");
        StubServices.STATUS.put("good", "created");
        assertThat(refused("/snapshots/bad/restore", Map.of()).detail())
                .isEqualTo("Failed snapshot cannot be restored");
        assertThat(refused("/snapshots/young/restore", Map.of()).code()).isEqualTo(ErrorCode.SNAPSHOT_ACTION);
        assertThat(refused("/snapshots/nosuch/restore", Map.of()).code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(refused("/snapshots/good/restore", Map.of("no_reboot", true)).detail())
                .isEqualTo("`no_reboot` is only relevant when `restore_certificates` is activated");
        assertThat(refused("/snapshots/good/restore", Map.of("timeout", "abc")).detail())
                .isEqualTo("invalid parameter, should be int, got: abc");
        assertThat(refused("/snapshots/good/restore", Map.of("force", "perhaps"))
                        .detail())
                .isEqualTo("force must be <true/false>, got perhaps");
        for (String name : List.of("force", "restore_certificates", "no_reboot")) {
            assertThat(refused("/snapshots/good/restore", Collections.singletonMap(name, null))
                            .detail())
                    .isEqualTo(name + " must be <true/false>, got None");
            assertThat(refused("/snapshots/good/restore", Map.of(name, List.of("a")))
                            .detail())
                    .isEqualTo(name + " must be <true/false>, got ['a']");
        }
        assertThat(refused("/snapshots/good/restore", Collections.singletonMap("timeout", null))
                        .detail())
                .isEqualTo("invalid parameter, should be int, got: None");
        assertThat(refused("/snapshots/good/restore", Map.of("timeout", Map.of("s", 1)))
                        .detail())
                .isEqualTo("invalid parameter, should be int, got: {'s': 1}");
        assertThat(refused("/snapshots/good/restore", Map.of("timeout", "x", "no_reboot", true))
                        .detail())
                .startsWith("`no_reboot` is only relevant");
        manager.execute("INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, created_at)"
                + " VALUES ('default_tenant', 'busy', 'install', 'started', now())");
        ManagerException running = refused("/snapshots/good/restore", Map.of("force", true));
        assertThat(running.code()).isEqualTo(ErrorCode.EXISTING_RUNNING_EXECUTION);
        assertThat(running.detail())
                .isEqualTo("Cannot start execution because there are other executions running e.g.: busy");
        assertThat(manager.ask("SELECT count(*) FROM restore_control.restores")).isEqualTo("0");
        assertThat(StubServices.GATE).isEmpty();
    }

    @Test
    void anArchiveThatCannotBeReadEndsTheRestoreWithTheReasonAndAnOpenGate() throws IOException {
        StubServices.STATUS.put("broken", "uploaded");
        StubServices.ARCHIVES.put("broken", Files.writeString(folder.resolve("broken.zip"), "no zip"));
        // when
        JsonNode restore =
                ended(post("/snapshots/broken/restore", null).get("id").asText());
        // then
        assertThat(restore.get("status").asText()).isEqualTo("failed");
        assertThat(restore.get("error_code").asText()).isEqualTo("invalid_snapshot_archive_error");
        String id = restore.get("id").asText();
        assertThat(StubServices.shown(id)).containsExactly("pending open", "started open", "failed closed");
        assertThat(StubServices.EXECUTIONS.get(id).get(2))
                .containsEntry("error", restore.get("error").asText());
        assertThat(StubServices.GATE).hasSize(2).last().asString().startsWith("leave");
        assertThat(manager.list("SELECT type FROM restore_control.outbox WHERE type LIKE 'restore.completed%'"))
                .isEmpty();
    }

    @Test
    void aRestoreWhoseProcessDiedIsEndedItsStagingDroppedAndTheGateOpened() {
        // given: what a kill -9 leaves
        manager.execute("CREATE SCHEMA inventory_restoring");
        manager.execute(
                "INSERT INTO restore_control.restores (id, snapshot_id, tenant_name, requested_by, requested_at, options, status,"
                        + " phase, claim_token, gate_held) VALUES ('dead', 's', 'default_tenant', 'admin', now(), '{}', 'staging', 'load',"
                        + " 'of the dead', true)");
        // then
        JsonNode restore = ended("dead");
        assertThat(restore.get("status").asText()).isEqualTo("failed");
        assertThat(restore.get("error").asText()).isEqualTo("interrupted before the swap; nothing was changed");
        assertThat(StubServices.shown("dead")).containsExactly("failed open");
        assertThat(StubServices.GATE).containsExactly("leave snapshot restore dead");
        assertThat(manager.list("SELECT nspname FROM pg_namespace WHERE nspname LIKE '%restoring'"))
                .isEmpty();
    }

    @Test
    void asManyRestoresAreListedAsAreAskedFor() {
        // given
        manager.execute(
                "INSERT INTO restore_control.restores (id, snapshot_id, tenant_name, requested_by, requested_at, options, status)"
                        + " SELECT 'r' || n, 's', 'default_tenant', 'admin', timestamptz '2026-01-01Z' + n * interval '1 second', '{}',"
                        + " 'failed' FROM generate_series(1, 1100) n");
        for (int size : List.of(1050, 5000, Integer.MAX_VALUE)) {
            // when
            JsonNode page = get("/v1/restores?_offset=1&_size=" + size);
            // then
            assertThat(page.get("items")).hasSize(Math.min(size, 1099));
            assertThat(page.at("/items/0/id").asText()).isEqualTo("r1099");
            assertThat(page.at("/metadata/pagination/size").asInt()).isEqualTo(size);
            assertThat(page.at("/metadata/pagination/total").asInt()).isEqualTo(1100);
        }
        assertThat(get("/v1/restores").get("items")).hasSize(1000);
        assertThat(get("/v1/restores?_size=0").get("items")).isEmpty();
    }

    @Test
    void aPlanSaysWhatWouldBeReplacedAndDecidedAndChangesNothing() {
        TestManager source = TestManager.create(7);
        source.execute(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, scheduled_for, created_at) VALUES"
                        + " ('default_tenant', 'w1', 'W1', 'scheduled', '2020-03-13T04:00:00Z', now())");
        snapshot("s1", source);
        manager.execute("INSERT INTO inventory.deployments (tenant_name, id) VALUES ('default_tenant', 'mine')");
        // when
        JsonNode plan = post("/v1/restores/plan", Map.of("snapshot_id", "s1"));
        // then
        assertThat(plan.get("possible").asBoolean()).as(plan.toPrettyString()).isFalse();
        assertThat(plan.get("refusals").get(0).get("error_code").asText()).isEqualTo("manager_not_clean_error");
        assertThat(plan.get("replaces").get(0).asText()).isEqualTo("1 deployment in tenant default_tenant");
        assertThat(plan.get("restore").get("decisions").get(0).get("fate").asText())
                .isEqualTo("overdue");
        assertThat(manager.list("SELECT id FROM inventory.deployments")).containsExactly("mine");
        assertThat(StubServices.GATE).isEmpty();
        assertThat(get("/v1/restores")
                        .get("metadata")
                        .get("pagination")
                        .get("total")
                        .asInt())
                .isEqualTo(1);
    }
}
