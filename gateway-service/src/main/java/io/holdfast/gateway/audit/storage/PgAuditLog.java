package io.holdfast.gateway.audit.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.gateway.access.storage.Jdbc;
import io.holdfast.gateway.audit.AuditEntry;
import io.holdfast.gateway.audit.AuditLog;
import io.holdfast.gateway.audit.CarriedEntry;
import io.holdfast.gateway.audit.Changed;
import io.holdfast.gateway.audit.app.AuditCatalogue;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.holdfast.listing.StableHorizon;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code gateway_control.audit_log}. */
@ApplicationScoped
public class PgAuditLog implements AuditLog, AuditCatalogue {

    private static final Entity ENTRY = Entity.of("AuditLog", "gateway_control.audit_log e")
            .id("e.id::text")
            .storageId("e.id")
            .integer("id", "e.id")
            .texts("ref_table", "ref_id")
            .json(
                    "ref_identifier",
                    // What belongs to no tenant is named as the product names it; its client shows a user by the
                    // username.
                    """
                    coalesce(e.ref_identifier, jsonb_strip_nulls(CASE
                        WHEN e.ref_table = 'users' THEN jsonb_build_object('username', e.ref_id)
                        WHEN e.ref_table IN ('tenants', 'user_groups') THEN jsonb_build_object('name', e.ref_id)
                        WHEN e.ref_table IN ('audit_log', 'brokers', 'config', 'db_nodes', 'license', 'maintenance', 'managers',
                            'permissions', 'tokens') THEN jsonb_build_object('id', e.ref_id)
                        ELSE jsonb_build_object('tenant_name', e.tenant_name, 'id', e.ref_id) END))""")
            .texts("operation", "creator_name", "execution_id")
            .times("created_at")
            .texts("tenant_name", "auth_method", "method", "path", "address", "request_id")
            .integers("status")
            .counted("gateway_control", "audit_log")
            .sortBy("created_at")
            .build();

    /**
     * For the statement's own transaction: its commit waits for no disk and no standby. What is done after an entry was made is
     * committed after it, so that an entry is there whenever what it tells of is; what a crash can take is the entry of a request that changed
     * nothing, or how it ended.
     */
    private static final String WITHOUT_WAITING = " FROM set_config('synchronous_commit', 'off', true) ";

    private final Jdbc jdbc;
    private final Lister lister;
    private final StableHorizon horizon;
    private final ObjectMapper mapper;

    public PgAuditLog(Jdbc jdbc, @DataSource("gateway") AgroalDataSource dataSource, ObjectMapper mapper) {
        this.jdbc = jdbc;
        this.mapper = mapper;
        this.lister = new Lister(dataSource);
        this.horizon = new StableHorizon(dataSource, "gateway_control.audit_log", "id");
    }

    @Override
    public long begin(AuditEntry entry) {
        return jdbc.first(
                        "INSERT INTO gateway_control.audit_log (operation, ref_table, ref_id, tenant_name, creator_name,"
                                + " execution_id, auth_method, method, path, address, request_id)"
                                + " SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?" + WITHOUT_WAITING + "RETURNING id",
                        row -> row.getLong("id"),
                        entry.operation(),
                        entry.refTable(),
                        entry.refId(),
                        entry.tenant(),
                        entry.who().username(),
                        entry.who().executionId(),
                        entry.who().authMethod(),
                        entry.method(),
                        entry.path(),
                        entry.address(),
                        entry.requestId())
                .orElseThrow();
    }

    @Override
    public void end(long id, int status, @Nullable Changed changed) {
        String identifier = changed == null || changed.identifier().isEmpty() ? null : json(changed.identifier());
        jdbc.update(
                "UPDATE gateway_control.audit_log SET status = ?, ref_id = coalesce(ref_id, ?),"
                        + " tenant_name = coalesce(?, tenant_name), ref_identifier = ?::jsonb" + WITHOUT_WAITING
                        + "WHERE id = ?",
                status,
                changed == null ? null : changed.refId(),
                changed == null ? null : changed.tenant(),
                identifier,
                id);
    }

    private String json(Map<String, String> identifier) {
        try {
            return mapper.writeValueAsString(identifier);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are always JSON", e);
        }
    }

    @Override
    public void carry(List<CarriedEntry> entries) {
        jdbc.update(
                """
                INSERT INTO gateway_control.audit_log (operation, ref_table, ref_id, ref_identifier, tenant_name, creator_name,
                    execution_id, created_at)
                SELECT e.operation, e.ref_table, e.ref_id, e.ref_identifier::jsonb, e.tenant_name, e.creator_name, e.execution_id,
                       e.created_at::timestamptz
                FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                    WITH ORDINALITY AS e (operation, ref_table, ref_id, ref_identifier, tenant_name, creator_name, execution_id,
                        created_at, place)
                ORDER BY e.place""",
                column(entries, CarriedEntry::operation),
                column(entries, CarriedEntry::refTable),
                column(entries, CarriedEntry::refId),
                column(entries, CarriedEntry::refIdentifier),
                column(entries, CarriedEntry::tenant),
                column(entries, CarriedEntry::creator),
                column(entries, CarriedEntry::executionId),
                column(entries, entry -> entry.createdAt().toString()));
    }

    private static List<@Nullable String> column(
            List<CarriedEntry> entries, Function<CarriedEntry, @Nullable String> field) {
        List<@Nullable String> values = new ArrayList<>();
        entries.forEach(entry -> values.add(field.apply(entry)));
        return values;
    }

    @Override
    public int truncate(Instant before, @Nullable String creator, @Nullable String executionId) {
        StringBuilder sql = new StringBuilder("DELETE FROM gateway_control.audit_log WHERE created_at <= ?"
                + " AND NOT (ref_table = 'audit_log' AND operation = 'delete')");
        List<Object> values = new ArrayList<>(List.of(before));
        if (creator != null) {
            sql.append(" AND creator_name = ?");
            values.add(creator);
        }
        if (executionId != null) {
            sql.append(" AND execution_id = ?");
            values.add(executionId);
        }
        return jdbc.update(sql.toString(), values.toArray());
    }

    @Override
    public Listing list(ListRequest request, Wanted wanted, CallerIdentity caller) {
        List<Condition> conditions = new ArrayList<>();
        if (wanted.creator() != null) {
            conditions.add(Condition.of("e.creator_name = ?", wanted.creator()));
        }
        if (wanted.executionId() != null) {
            conditions.add(Condition.of("e.execution_id = ?", wanted.executionId()));
        }
        Instant since = wanted.since();
        if (since != null) {
            conditions.add(Condition.of("e.created_at >= ?", since.atOffset(ZoneOffset.UTC)));
        }
        if (wanted.afterId() > 0) {
            conditions.add(Condition.of("e.id > ?", wanted.afterId()));
        }
        if (wanted.upToId() < Long.MAX_VALUE) {
            conditions.add(Condition.of("e.id <= ?", wanted.upToId()));
        }
        ListRequest unfiltered = new ListRequest(
                request.size(),
                request.offset(),
                request.sort(),
                request.include(),
                request.allResults(),
                false,
                false,
                Map.of(),
                request.special());
        return lister.list(ENTRY, unfiltered, caller, conditions.toArray(Condition[]::new));
    }

    @Override
    public long horizon() {
        return horizon.upTo();
    }

    @Override
    public long given() {
        return horizon.given();
    }
}
