package io.holdfast.restore.requests.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.restore.loading.storage.OwnerDatabase;
import io.holdfast.restore.requests.Restore;
import io.holdfast.restore.requests.RestoreOptions;
import io.holdfast.restore.requests.RestoreStatus;
import io.holdfast.restore.requests.Restores;
import io.holdfast.restore.rule.Decision;
import io.holdfast.restore.rule.storage.RuleSql;
import io.holdfast.restore.swap.SwapResult;
import io.holdfast.state.secrets.SecretBox;
import io.quarkus.agroal.DataSource;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Restores by Panache; changes of a running one are single guarded updates, so that no stale instance writes over them. */
@ApplicationScoped
public class PanacheRestores implements Restores, PanacheRepositoryBase<RestoreEntity, String> {

    private static final String UNENDED = "status not in ('completed', 'failed')";
    private static final String KEY_ID = "restores";
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

    private final AgroalDataSource dataSource;
    private final OwnerDatabase owner;
    private final ObjectMapper json;
    private final SecretBox box;

    PanacheRestores(
            @DataSource("restore") AgroalDataSource dataSource,
            OwnerDatabase owner,
            ObjectMapper json,
            @ConfigProperty(name = "holdfast.secret-key") String secretKey) {
        this.dataSource = dataSource;
        this.owner = owner;
        this.json = json;
        this.box = new SecretBox(Map.of(KEY_ID, MasterKey.of(secretKey).derive("holdfast/restore-options/v1")), KEY_ID);
    }

    @Override
    public boolean add(
            String id, String snapshotId, String tenantName, String requestedBy, Instant at, RestoreOptions options) {
        String salt = options.hashSalt();
        // By SQL: only a unique index sees the requests of all instances, and a violation must not end the transaction.
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO restore_control.restores (id, snapshot_id,"
                                + " tenant_name, requested_by, requested_at, options, hash_salt_enc, dry_run, status)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'requested') ON CONFLICT DO NOTHING")) {
            insert.setString(1, id);
            insert.setString(2, snapshotId);
            insert.setString(3, tenantName);
            insert.setString(4, requestedBy);
            insert.setObject(5, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
            insert.setString(6, write(options.parameters()));
            insert.setString(7, salt == null ? null : box.seal(salt, SecretBox.aad(KEY_ID, id)));
            insert.setBoolean(8, options.dryRun());
            return insert.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot note a restore", e);
        }
    }

    @Override
    public Optional<Restore> find(String id) {
        return findByIdOptional(id).map(this::restore);
    }

    @Override
    public List<Restore> list(int offset, int limit) {
        // Hibernate counts the rows of a range in an int.
        int last = (int) Math.min((long) offset + limit, Integer.MAX_VALUE) - 1;
        return findAll(Sort.descending("requestedAt", "id")).range(offset, last).list().stream()
                .map(this::restore)
                .toList();
    }

    @Override
    public long total() {
        return count();
    }

    @Override
    public List<Restore> unfinished() {
        return list(UNENDED + " or gateHeld = true or linesLogged = false order by requestedAt").stream()
                .map(this::restore)
                .toList();
    }

    @Override
    public @Nullable String hashSalt(String id) {
        String sealed = findByIdOptional(id).map(row -> row.hashSaltEnc).orElse(null);
        return sealed == null ? null : box.open(sealed, SecretBox.aad(KEY_ID, id));
    }

    @Override
    public boolean begin(String id, String claimToken, Instant now) {
        return update(
                        "claimToken = ?1, startedAt = ?2, heartbeatAt = ?2 where id = ?3 and status = 'requested' and claimToken is null",
                        claimToken,
                        now,
                        id)
                == 1;
    }

    @Override
    public boolean enter(String id, String claimToken, RestoreStatus status, String phase, Instant now) {
        return update(
                        "status = ?1, phase = ?2, heartbeatAt = ?3 where id = ?4 and claimToken = ?5 and " + UNENDED,
                        status.wireName(),
                        phase,
                        now,
                        id,
                        claimToken)
                == 1;
    }

    @Override
    public boolean progress(String id, String claimToken, long expected, long done, long rows, Instant now) {
        return update(
                        "bytesExpected = ?1, bytesDone = ?2, rowsDone = ?3, heartbeatAt = ?4 where id = ?5 and claimToken = ?6 and "
                                + UNENDED,
                        expected,
                        done,
                        rows,
                        now,
                        id,
                        claimToken)
                == 1;
    }

    @Override
    public void describe(String id, Map<String, Object> source, Map<String, Object> counts, List<String> warnings) {
        update(
                "source = ?1, counts = ?2, warnings = ?3 where id = ?4",
                write(source),
                write(counts),
                write(warnings),
                id);
    }

    @Override
    public void gateHeld(String id, boolean held) {
        update("gateHeld = ?1 where id = ?2", held, id);
    }

    @Override
    public void linesLogged(String id) {
        update("linesLogged = true where id = ?1", id);
    }

    @Override
    public boolean fail(String id, String error, @Nullable String errorCode, @Nullable String hint, Instant now) {
        return update(
                        "status = 'failed', error = ?1, errorCode = ?2, hint = ?3, endedAt = ?4, hashSaltEnc = null where id = ?5 and "
                                + UNENDED,
                        error,
                        errorCode,
                        hint,
                        now,
                        id)
                == 1;
    }

    @Override
    public boolean completeDryRun(
            String id, SwapResult result, Map<String, Object> counts, List<Decision> decisions, Instant now) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO restore_control.restore_action (restore_id, number, tenant_name, execution_id, workflow_id,"
                                + " from_status, fate, scheduled_for, text, known_before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT DO NOTHING")) {
            long number = 0;
            for (Decision decision : decisions) {
                Instant scheduledFor = decision.scheduledFor();
                insert.setString(1, id);
                insert.setLong(2, ++number);
                insert.setString(3, decision.tenantName());
                insert.setString(4, decision.executionId());
                insert.setString(5, decision.workflowId());
                insert.setString(6, decision.fromStatus());
                insert.setString(7, decision.fate().wireName());
                insert.setObject(
                        8, scheduledFor == null ? null : OffsetDateTime.ofInstant(scheduledFor, ZoneOffset.UTC));
                insert.setString(9, decision.text());
                insert.setBoolean(10, decision.knownBefore());
                insert.addBatch();
            }
            insert.executeBatch();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot note the decisions of a dry run", e);
        }
        return update(
                        "status = 'completed', t0 = ?1, overdueGraceMs = ?2, missedSchedules = ?3, counts = ?4, endedAt = ?5,"
                                + " hashSaltEnc = null where id = ?6 and " + UNENDED,
                        result.t0(),
                        result.overdueGrace().toMillis(),
                        result.outcome().missedSchedules(),
                        write(counts),
                        now,
                        id)
                == 1;
    }

    @Override
    public List<Decision> decisions(String id, int limit) {
        try (Connection connection = dataSource.getConnection()) {
            return RuleSql.first(connection, id, limit);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the decisions of a restore", e);
        }
    }

    @Override
    public void forEachDecision(String id, Consumer<Decision> reader) {
        try (Connection connection = owner.open()) {
            connection.setAutoCommit(false);
            try {
                RuleSql.forEach(connection, id, reader);
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the decisions of a restore", e);
        }
    }

    private Restore restore(RestoreEntity row) {
        return new Restore(
                row.id,
                row.snapshotId,
                row.tenantName,
                row.requestedBy,
                row.requestedAt,
                RestoreOptions.of(read(row.options)),
                RestoreStatus.ofWireName(row.status),
                row.phase,
                row.bytesExpected,
                row.bytesDone,
                row.rowsDone,
                read(row.counts),
                texts(row.warnings),
                read(row.source),
                row.error,
                row.errorCode,
                row.hint,
                row.t0,
                row.overdueGraceMs == null ? null : Duration.ofMillis(row.overdueGraceMs),
                row.epoch,
                row.startedAt,
                row.endedAt,
                row.claimToken,
                row.gateHeld,
                row.linesLogged,
                row.undoState);
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON", e);
        }
    }

    private Map<String, Object> read(@Nullable String text) {
        try {
            return text == null ? Map.of() : json.readValue(text, OBJECT);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a restore's record is not JSON", e);
        }
    }

    private List<String> texts(@Nullable String text) {
        try {
            return text == null ? List.of() : json.readValue(text, TEXTS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a restore's record is not JSON", e);
        }
    }
}
