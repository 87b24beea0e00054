package io.holdfast.gateway.manager.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.gateway.access.storage.Jdbc;
import io.holdfast.gateway.manager.KeptSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;

/** {@code gateway_control.setting}. */
@ApplicationScoped
public class PgKeptSettings implements KeptSettings {

    private final Jdbc jdbc;
    private final ObjectMapper json;

    public PgKeptSettings(Jdbc jdbc, ObjectMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @Override
    public List<Kept> all() {
        return jdbc.list(
                "SELECT scope, name, value::text AS value, updated_by, updated_at FROM gateway_control.setting",
                row -> new Kept(
                        row.getString("scope"),
                        row.getString("name"),
                        read(row.getString("value")),
                        row.getString("updated_by"),
                        Objects.requireNonNull(Jdbc.instant(row, "updated_at"))));
    }

    private Object read(String value) {
        try {
            return json.readValue(value, Object.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a kept setting is no JSON", e);
        }
    }

    @Override
    public void keep(Kept change) {
        jdbc.update(
                """
                INSERT INTO gateway_control.setting (scope, name, value, updated_by, updated_at) VALUES (?, ?, ?::jsonb, ?, ?)
                ON CONFLICT (scope, name) DO UPDATE
                SET value = excluded.value, updated_by = excluded.updated_by, updated_at = excluded.updated_at
                """,
                change.scope(),
                change.name(),
                json.valueToTree(change.value()).toString(),
                change.updatedBy(),
                change.updatedAt());
    }
}
