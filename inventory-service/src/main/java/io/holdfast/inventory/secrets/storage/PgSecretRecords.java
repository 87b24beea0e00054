package io.holdfast.inventory.secrets.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.storage.JsonText;
import io.holdfast.inventory.resources.storage.OwnedTable;
import io.holdfast.inventory.resources.storage.Statements;
import io.holdfast.inventory.secrets.app.Keyring;
import io.holdfast.inventory.secrets.app.SecretRecords;
import io.holdfast.listing.Condition;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

@Singleton
class PgSecretRecords implements SecretRecords {

    private static final String STORED = "SELECT tenant_name, key, visibility, created_by, is_hidden_value, schema";

    private final Statements statements;
    private final OwnedTable table;
    private final Keyring keyring;
    private final ObjectMapper json;

    PgSecretRecords(@DataSource("inventory") AgroalDataSource dataSource, Keyring keyring, ObjectMapper json) {
        this.statements = new Statements(dataSource);
        this.table = new OwnedTable(statements, "Secret", "inventory.secrets", "key");
        this.keyring = keyring;
        this.json = json;
    }

    @Override
    public void lock(String key) {
        table.lock(key);
    }

    @Override
    public Optional<Stored> find(String key, CallerIdentity caller) {
        return table.find(key, caller).flatMap(owned -> findIn(owned.tenant(), key));
    }

    @Override
    public Optional<Stored> findIn(String tenant, String key) {
        return statements
                .query(STORED + " FROM inventory.secrets WHERE tenant_name = ? AND key = ?", this::stored, tenant, key)
                .stream()
                .findFirst();
    }

    @Override
    public Stored own(String key, CallerIdentity caller) {
        Owned owned = table.own(key, caller);
        return findIn(owned.tenant(), key).orElseThrow();
    }

    private Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                new Owned(row.getString(1), row.getString(2), Visibility.of(row.getString(3)), row.getString(4)),
                row.getBoolean(5),
                parsed(row.getString(6)));
    }

    private @Nullable JsonNode parsed(@Nullable String text) {
        return text == null ? null : JsonText.tree(json, text);
    }

    /** PostgreSQL takes no NUL in texts. */
    private static @Nullable String text(@Nullable JsonNode value) {
        return value == null ? null : value.toString().replace("\\u0000", "\\ufffd");
    }

    private @Nullable String sealed(@Nullable String value, String tenant, String key) {
        return value == null ? null : keyring.seal(value, "secrets", tenant, key);
    }

    @Override
    public void add(New secret) {
        table.lock(secret.key());
        table.requireFree(secret.tenant(), secret.key(), secret.visibility());
        statements.update(
                """
                INSERT INTO inventory.secrets (tenant_name, key, value_enc, schema, is_hidden_value, provider_name,
                                               provider_options, visibility, created_by, created_at, updated_at)
                VALUES (?, ?, ?, ?::jsonb, ?, ?, ?::jsonb, ?, ?, ?, ?)""",
                secret.tenant(),
                secret.key(),
                sealed(secret.value(), secret.tenant(), secret.key()),
                text(secret.schema()),
                secret.hiddenValue(),
                secret.provider(),
                text(secret.providerOptions()),
                secret.visibility().wireName(),
                secret.createdBy(),
                secret.createdAt(),
                secret.updatedAt());
    }

    @Override
    public void value(Stored secret, @Nullable String value) {
        Owned owned = secret.owned();
        table.set(owned, "value_enc", "", sealed(value, owned.tenant(), owned.id()));
    }

    @Override
    public void schema(Stored secret, @Nullable JsonNode schema) {
        table.set(secret.owned(), "schema", "::jsonb", text(schema));
    }

    @Override
    public void hiddenValue(Stored secret, boolean hidden) {
        table.set(secret.owned(), "is_hidden_value", "", hidden);
    }

    @Override
    public void provider(Stored secret, String provider) {
        table.set(secret.owned(), "provider_name", "", provider);
    }

    @Override
    public void providerOptions(Stored secret, JsonNode options) {
        table.set(secret.owned(), "provider_options", "::jsonb", text(options));
    }

    @Override
    public void visibility(Stored secret, Visibility visibility) {
        table.visibility(secret.owned(), visibility);
    }

    @Override
    public void createdBy(Stored secret, String username) {
        table.set(secret.owned(), "created_by", "", username);
    }

    @Override
    public void updatedAt(Stored secret, Instant at) {
        table.set(secret.owned(), "updated_at", "", at);
    }

    @Override
    public void remove(Stored secret) {
        table.remove(secret.owned());
    }

    @Override
    public void export(boolean allTenants, @Nullable String search, CallerIdentity caller, Consumer<Exported> taker) {
        StringBuilder sql = new StringBuilder("""
                SELECT tenant_name, key, value_enc, schema, is_hidden_value, provider_name, provider_options, visibility,
                       created_by, created_at, updated_at
                FROM inventory.secrets
                WHERE (visibility <> 'private' OR ? OR tenant_name = ? AND ? OR created_by = ?)""");
        List<@Nullable Object> binds = new ArrayList<>();
        binds.add(caller.admin());
        binds.add(caller.tenant());
        binds.add(caller.seesPrivate());
        binds.add(caller.username());
        List<String> visible = caller.visibleTenants();
        if (!allTenants) {
            sql.append(" AND (tenant_name = ? OR visibility = 'global')");
            binds.add(caller.tenant());
        } else if (visible != null) {
            sql.append(" AND (tenant_name = ANY (?) OR visibility = 'global')");
            binds.add(visible.toArray(String[]::new));
        }
        if (search != null) {
            sql.append(" AND key ILIKE ?");
            binds.add("%" + Condition.literal(search) + "%");
        }
        sql.append(" ORDER BY storage_id");
        statements.each(sql.toString(), row -> taker.accept(exported(row)), binds.toArray());
    }

    private Exported exported(ResultSet row) throws SQLException {
        String tenant = row.getString(1);
        String key = row.getString(2);
        String closed = row.getString(3);
        return new Exported(
                tenant,
                key,
                closed == null ? null : keyring.open(closed, "secrets", tenant, key),
                parsed(row.getString(4)),
                row.getBoolean(5),
                row.getString(6),
                parsed(row.getString(7)),
                Visibility.of(row.getString(8)),
                row.getString(9),
                time(row, 10),
                time(row, 11));
    }

    private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
