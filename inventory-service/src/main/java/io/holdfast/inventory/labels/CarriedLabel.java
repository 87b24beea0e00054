package io.holdfast.inventory.labels;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A label from elsewhere. @param createdBy null: whoever makes the thing that has it; the same for {@code createdAt}: then */
public record CarriedLabel(
        Label label, @Nullable String createdBy, @Nullable Instant createdAt) {}
