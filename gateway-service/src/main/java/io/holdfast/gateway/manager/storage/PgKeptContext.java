package io.holdfast.gateway.manager.storage;

import io.holdfast.gateway.access.storage.Jdbc;
import io.holdfast.gateway.manager.KeptContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;

/** {@code gateway_control.provider_context}. */
@ApplicationScoped
public class PgKeptContext implements KeptContext {

    private final Jdbc jdbc;

    public PgKeptContext(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Kept> find() {
        return jdbc.first(
                "SELECT name, context::text FROM gateway_control.provider_context",
                row -> new Kept(row.getString(1), row.getString(2)));
    }

    @Override
    public void keep(Kept change, String updatedBy, Instant updatedAt) {
        jdbc.update("""
                INSERT INTO gateway_control.provider_context (name, context, updated_by, updated_at) VALUES (?, ?::jsonb, ?, ?)
                ON CONFLICT (only_one) DO UPDATE
                SET name = excluded.name, context = excluded.context, updated_by = excluded.updated_by, updated_at = excluded.updated_at
                """, change.name(), change.context(), updatedBy, updatedAt);
    }
}
