package io.holdfast.gateway.manager;

import io.holdfast.gateway.manager.KeptSettings.Kept;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A setting that clients may read.
 *
 * @param value text, number or boolean
 * @param schema of those that can be changed over the API; null: it is set where the manager runs
 * @param kept the latest change over the API; null: none
 */
public record Setting(
        String scope,
        String name,
        Object value,
        @Nullable SettingSchema schema,
        @Nullable Kept kept) {
    public Setting {
        Objects.requireNonNull(scope);
        Objects.requireNonNull(name);
        Objects.requireNonNull(value);
    }

    public boolean editable() {
        return schema != null;
    }

    /** @param wanted with or without {@code scope.} */
    public boolean isNamed(String wanted) {
        return wanted.equals(name) || wanted.equals(scope + "." + name);
    }

    /** As it is after the change. */
    public Setting with(Kept change) {
        return new Setting(scope, name, change.value(), schema, change);
    }
}
