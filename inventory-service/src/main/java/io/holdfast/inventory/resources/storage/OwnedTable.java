package io.holdfast.inventory.resources.storage;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.Visibility;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a table whose rows belong to tenants: ids are unique in a tenant and among global ones, global ones are alone with their
 * id. Each method is part of the transaction that runs.
 */
public final class OwnedTable {

    private final Statements statements;
    private final String model;
    private final String table;
    private final String idColumn;

    /**
     * @param model name in messages
     * @param table with its schema
     * @param idColumn what the API calls the id
     */
    public OwnedTable(Statements statements, String model, String table, String idColumn) {
        this.statements = statements;
        this.model = model;
        this.table = table;
        this.idColumn = idColumn;
    }

    private static Owned owned(ResultSet row) throws SQLException {
        return new Owned(row.getString(1), row.getString(2), Visibility.of(row.getString(3)), row.getString(4));
    }

    /** The one that the caller sees: of the tenant first, else a global one. */
    public Optional<Owned> find(String id, CallerIdentity caller) {
        return statements
                .query(
                        "SELECT tenant_name, " + idColumn + ", visibility, created_by FROM " + table
                                + Seen.one(idColumn),
                        OwnedTable::owned,
                        Seen.of(id, caller))
                .stream()
                .findFirst();
    }

    /** As {@link #find}, of the caller's own tenant. */
    public Owned own(String id, CallerIdentity caller) {
        Owned found = find(id, caller).orElseThrow(() -> Refusals.notFound(model, id));
        Refusals.requireOwn(found.id(), found.tenant(), caller.tenant());
        return found;
    }

    /** Until the end of the transaction, others who want this id, in any tenant, wait. */
    public void lock(String id) {
        statements.query("SELECT pg_advisory_xact_lock(hashtextextended(? || ' ' || ?, 0))", row -> true, model, id);
    }

    /** @throws io.holdfast.contracts.errors.ManagerException {@code conflict_error} */
    public void requireFree(String tenant, String id, Visibility visibility) {
        if (statements.exists(
                "SELECT FROM " + table + " WHERE " + idColumn + " = ? AND (tenant_name = ? OR visibility = 'global')",
                id,
                tenant)) {
            throw Refusals.taken(model, id, tenant);
        }
        if (visibility == Visibility.GLOBAL) {
            requireNowhereElse(tenant, id);
        }
    }

    private void requireNowhereElse(String tenant, String id) {
        if (statements.exists(
                "SELECT FROM " + table + " WHERE " + idColumn + " = ? AND tenant_name <> ?", id, tenant)) {
            throw Refusals.elsewhere(model, id, tenant);
        }
    }

    /** Widens it, or leaves it as it is. */
    public void visibility(Owned present, Visibility visibility) {
        visibility.requireNotNarrowerThan(present.visibility(), present.id());
        if (visibility == Visibility.GLOBAL && present.visibility() != Visibility.GLOBAL) {
            lock(present.id());
            requireNowhereElse(present.tenant(), present.id());
        }
        set(present, "visibility", "", visibility.wireName());
    }

    /** @param cast of the value: {@code ::jsonb}, or nothing */
    public void set(Owned present, String column, String cast, @Nullable Object value) {
        statements.update(
                "UPDATE " + table + " SET " + column + " = ?" + cast + " WHERE tenant_name = ? AND " + idColumn
                        + " = ?",
                value,
                present.tenant(),
                present.id());
    }

    public void remove(Owned present) {
        statements.update(
                "DELETE FROM " + table + " WHERE tenant_name = ? AND " + idColumn + " = ?",
                present.tenant(),
                present.id());
    }
}
