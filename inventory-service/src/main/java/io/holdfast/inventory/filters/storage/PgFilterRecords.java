package io.holdfast.inventory.filters.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.filters.Filtered;
import io.holdfast.inventory.filters.app.FilterRecords;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.storage.OwnedTable;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

@Singleton
class PgFilterRecords implements FilterRecords {

    private final Statements statements;
    private final Map<Filtered, OwnedTable> tables = new EnumMap<>(Filtered.class);
    private final RulesJson json;

    PgFilterRecords(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper mapper) {
        this.statements = new Statements(dataSource);
        this.json = new RulesJson(mapper);
        for (Filtered filtered : Filtered.values()) {
            tables.put(filtered, new OwnedTable(statements, filtered.model(), name(filtered), "id"));
        }
    }

    static String name(Filtered filtered) {
        return "inventory." + filtered.wireName() + "_filters";
    }

    private OwnedTable table(Filtered filtered) {
        return Objects.requireNonNull(tables.get(filtered));
    }

    @Override
    public Stored own(Filtered filtered, String id, CallerIdentity caller) {
        Owned owned = table(filtered).own(id, caller);
        return statements
                .query(
                        "SELECT is_system_filter, value FROM " + name(filtered) + " WHERE tenant_name = ? AND id = ?",
                        row -> new Stored(owned, row.getBoolean(1), json.read(row.getString(2))),
                        owned.tenant(),
                        id)
                .stream()
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void add(Filtered filtered, New filter) {
        table(filtered).lock(filter.id());
        table(filtered).requireFree(filter.tenant(), filter.id(), filter.visibility());
        statements.update(
                "INSERT INTO " + name(filtered)
                        + " (tenant_name, id, value, visibility, created_by, created_at, updated_at)"
                        + " VALUES (?, ?, ?::jsonb, ?, ?, ?, ?)",
                filter.tenant(),
                filter.id(),
                json.write(filter.rules()),
                filter.visibility().wireName(),
                filter.createdBy(),
                filter.createdAt(),
                filter.updatedAt());
    }

    @Override
    public void rules(Filtered filtered, Stored filter, List<FilterRule> rules) {
        table(filtered).set(filter.owned(), "value", "::jsonb", json.write(rules));
    }

    @Override
    public void visibility(Filtered filtered, Stored filter, Visibility visibility) {
        table(filtered).visibility(filter.owned(), visibility);
    }

    @Override
    public void updatedAt(Filtered filtered, Stored filter, Instant at) {
        table(filtered).set(filter.owned(), "updated_at", "", at);
    }

    @Override
    public void remove(Filtered filtered, Stored filter) {
        table(filtered).remove(filter.owned());
    }
}
