package io.holdfast.restore.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.RestoreEvent;
import io.holdfast.restore.staging.Phase;
import io.holdfast.restore.support.TestManager;
import io.holdfast.restore.support.TestRestore;
import io.holdfast.state.StateMigrator;
import io.holdfast.state.StateSchemas;
import io.holdfast.state.secrets.DataKeys;
import io.holdfast.state.secrets.SecretBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundTripIT {

    @TempDir
    Path folder;

    @AfterEach
    void dropManagers() {
        TestManager.dropAll();
    }

    @Test
    void whatWasDumpedIsWhatIsThereAfterARestoreAndADumpOfThatIsTheSame() throws SQLException {
        // given
        TestManager source = TestManager.create(1);
        source.fill(50);
        Path archive = source.archive(folder.resolve("one.zip"), null);
        TestManager target = TestManager.create(2);
        // when
        new TestRestore(target).restore(archive);
        Map<String, String> first = withoutOwnTraces(target);
        Path again = target.archive(folder.resolve("two.zip"), null);
        TestManager third = TestManager.create(2);
        new TestRestore(third).restore(again);
        // then
        Map<String, String> expected = withoutOwnTraces(source);
        assertThat(first).isEqualTo(expected);
        assertThat(withoutOwnTraces(third)).isEqualTo(expected);
        assertThat(indexes(target)).isEqualTo(indexes(source));
        assertThat(source.wrongRowCounts()).isEmpty();
        assertThat(target.wrongRowCounts()).isEmpty();
        assertThat(target.ask("SELECT nextval(pg_get_serial_sequence('inventory.blueprints', 'storage_id'))"))
                .as("numbers are not given out twice")
                .isEqualTo("51");
    }

    @Test
    void secretsOpenWithTheTargetsMasterKeyWithoutBeingSealedAgain() throws SQLException {
        TestManager source = TestManager.create(1);
        source.fill(2);
        TestManager target = TestManager.create(2);
        // when
        new TestRestore(target).restore(source.archive(folder.resolve("a.zip"), null));
        // then
        String sealed = target.ask("SELECT value_enc FROM inventory.secrets WHERE key = 'sealed'");
        assertThat(sealed).isEqualTo(source.ask("SELECT value_enc FROM inventory.secrets WHERE key = 'sealed'"));
        try (Connection connection = target.database().open()) {
            SecretBox box = new DataKeys(target.masterKey())
                    .box(connection, StateSchemas.LIVE)
                    .orElseThrow();
            assertThat(box.open(sealed, SecretBox.aad("secrets", "default_tenant", "sealed")))
                    .isEqualTo("the treasure");
        }
    }

    @Test
    void theAdministratorKeepsThePasswordOfTheTarget() {
        TestManager source = TestManager.create(1);
        TestManager target = TestManager.create(2);
        // when
        new TestRestore(target).restore(source.archive(folder.resolve("a.zip"), null));
        // then
        assertThat(target.list(
                        "SELECT username || ' ' || password_hash || ' ' || password_salt || ' ' || is_bootstrap_admin"
                                + " FROM access.users"))
                .containsExactly("admin hash-2 salt-2 true");
    }

    @Test
    void theRestoreIsASystemExecutionOfTheRestoredStateAndIsToldWithTheNextEpoch() {
        TestManager source = TestManager.create(1);
        source.execute(
                "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, created_at, restore_epoch)"
                        + " VALUES ('default_tenant', 'old', 'install', 'terminated', now(), 7)");
        TestManager target = TestManager.create(2);
        TestRestore restore = new TestRestore(target);
        // when
        SwapResult result = restore.restore(source.archive(folder.resolve("a.zip"), null));
        // then
        assertThat(result.epoch()).as("above every epoch in the archive").isEqualTo(8);
        assertThat(target.list(
                        "SELECT workflow_id || ' ' || status || ' ' || is_system_workflow FROM scheduler.executions"
                                + " WHERE id <> 'old'"))
                .containsExactly("restore_snapshot terminated true");
        assertThat(restore.events())
                .singleElement()
                .isInstanceOfSatisfying(
                        RestoreEvent.Completed.class,
                        done -> assertThat(done.epoch()).isEqualTo(8));
        assertThat(target.ask(
                        "SELECT status || ' ' || undo_state || ' ' || lines_logged FROM restore_control.restores"))
                .isEqualTo("completed available false");
    }

    @Test
    void restoringTwiceDoublesNothing() {
        TestManager source = TestManager.create(1);
        source.fill(20);
        Path archive = source.archive(folder.resolve("a.zip"), null);
        TestManager target = TestManager.create(2);
        TestRestore restore = new TestRestore(target);
        // when
        restore.restore(archive);
        Map<String, String> once = withoutOwnTraces(target);
        restore.restore(archive);
        // then
        assertThat(withoutOwnTraces(target)).isEqualTo(once);
        assertThat(target.list("SELECT undo_state FROM restore_control.restores ORDER BY epoch"))
                .containsExactly("discarded", "available");
    }

    @Test
    void migrationsStillFindTheRestoredSchemas() {
        TestManager source = TestManager.create(1);
        TestManager target = TestManager.create(2);
        new TestRestore(target).restore(source.archive(folder.resolve("a.zip"), null));
        String before = target.ask("SELECT count(*) FROM access.state_history");
        // when
        new StateMigrator(
                        target.database().url(),
                        target.database().username(),
                        target.database().password())
                .migrateLive();
        // then
        assertThat(target.ask("SELECT count(*) FROM access.state_history")).isEqualTo(before);
    }

    @Test
    void undoBringsBackExactlyWhatWasThere() {
        TestManager source = TestManager.create(1);
        source.fill(5);
        TestManager target = TestManager.create(2);
        target.fill(9);
        Map<String, String> before = target.state();
        TestRestore restore = new TestRestore(target);
        restore.restore(source.archive(folder.resolve("a.zip"), null));
        String id = target.ask("SELECT id FROM restore_control.restores");
        // when
        long epoch = restore.swap().undo(id, "admin", Duration.ofSeconds(10));
        // then
        assertThat(target.state()).isEqualTo(before);
        assertThat(target.wrongRowCounts()).isEmpty();
        assertThat(epoch).isEqualTo(2);
        assertThat(restore.swap().hasFormerState()).isFalse();
        assertThatThrownBy(() -> restore.swap().undo(id, "admin", Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(
                        ManagerException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.ILLEGAL_ACTION));
    }

    @Test
    void aFailureInAnyPhaseOfTheStagingLeavesTheLiveStateAlone() {
        TestManager source = TestManager.create(1);
        source.fill(5);
        TestManager target = TestManager.create(2);
        target.fill(3);
        Map<String, String> before = target.state();
        Path archive = source.archive(folder.resolve("a.zip"), null);
        TestRestore restore = new TestRestore(target);
        for (Phase failing :
                List.of(Phase.INSPECT, Phase.BUILD, Phase.LOAD, Phase.INDEX, Phase.VERIFY, Phase.MIGRATE)) {
            // when
            assertThatThrownBy(() -> restore.stage(archive, phase -> {
                        if (phase == failing) {
                            throw new IllegalStateException("planted in " + phase);
                        }
                    }))
                    .hasMessage("planted in " + failing);
            restore.staging().discard();
            // then
            assertThat(target.state()).as("after a failure in %s", failing).isEqualTo(before);
            assertThat(target.list("SELECT nspname FROM pg_namespace WHERE nspname LIKE '%restoring'"))
                    .isEmpty();
        }
        // and the next one works
        restore.restore(archive);
        assertThat(target.ask("SELECT count(*) FROM inventory.blueprints")).isEqualTo("4");
    }

    @Test
    void aSwapWhoseClaimIsLostChangesNothing() {
        TestManager source = TestManager.create(1);
        source.fill(5);
        TestManager target = TestManager.create(2);
        target.fill(3);
        Map<String, String> before = target.state();
        TestRestore restore = new TestRestore(target);
        restore.stage(source.archive(folder.resolve("a.zip"), null), phase -> {});
        String id = restore.begin();
        target.execute("UPDATE restore_control.restores SET status = 'failed'");
        // when
        assertThatThrownBy(() -> restore.swap().swap(restore.order(id, null, null, false)))
                .hasMessageContaining("no longer this instance's");
        // then
        assertThat(target.state()).isEqualTo(before);
        assertThat(target.ask("SELECT count(*) FROM restore_control.restore_action"))
                .isEqualTo("0");
        assertThat(target.ask("SELECT value FROM restore_control.epoch")).isEqualTo("0");
    }

    @Test
    void anAlteredArchiveIsRefused() throws IOException {
        TestManager source = TestManager.create(1);
        source.fill(5);
        Path archive = source.archive(folder.resolve("a.zip"), null);
        byte[] bytes = Files.readAllBytes(archive);
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(archive, bytes);
        TestManager target = TestManager.create(2);
        TestRestore restore = new TestRestore(target);
        // when, then
        assertThatThrownBy(() -> restore.stage(archive, phase -> {}))
                .isInstanceOfSatisfying(
                        ManagerException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARCHIVE));
    }

    @Test
    void contentThatIsNamedButNotCarriedIsRefused() {
        TestManager source = TestManager.create(1);
        source.fill(3);
        source.execute("DELETE FROM inventory.content_chunks");
        source.execute("DELETE FROM inventory.content");
        TestManager target = TestManager.create(2);
        Path archive = source.archive(folder.resolve("a.zip"), null);
        // when, then
        assertThatThrownBy(() -> new TestRestore(target).restore(archive))
                .isInstanceOf(ManagerException.class)
                .hasMessageContaining("names content that the archive does not carry");
    }

    /** The live state without what a restore adds to it: its own execution, and the administrator's password. */
    private static Map<String, String> withoutOwnTraces(TestManager manager) {
        Map<String, String> state = manager.state();
        state.put(
                "scheduler.executions",
                manager.ask("SELECT md5(string_agg(e::text, E'\\n' ORDER BY e::text)) FROM scheduler.executions e"
                        + " WHERE workflow_id <> 'restore_snapshot'"));
        state.put(
                "access.users",
                manager.ask(
                        "SELECT string_agg(u::text, E'\\n' ORDER BY u::text) FROM access.users u WHERE username <> 'admin'"));
        return state;
    }

    private static String indexes(TestManager manager) {
        return manager.ask("SELECT string_agg(indexdef, E'\\n' ORDER BY indexdef) FROM pg_indexes"
                + " WHERE schemaname IN ('access', 'inventory', 'scheduler')");
    }
}
