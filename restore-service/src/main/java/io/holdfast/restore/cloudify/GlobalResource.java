package io.holdfast.restore.cloudify;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A resource of global visibility. The source manager dumps it in every tenant and says only for secrets whose it is; for the others
 * the owner is found by evidence.
 *
 * @param title type and id, for people
 * @param createdAt null if the archive does not say
 * @param stated the owner, where the archive states it; else null
 * @param carriers tenants whose parts hold it, by name; at least one
 * @param uploads for blueprints: when each tenant ran an upload of a blueprint with this id
 */
record GlobalResource(
        String title,
        @Nullable Instant createdAt,
        @Nullable String createdBy,
        @Nullable String stated,
        List<String> carriers,
        Map<String, Instant> uploads) {

    private static final String DEFAULT_TENANT = "default_tenant";

    GlobalResource {
        carriers = List.copyOf(carriers);
        uploads = Map.copyOf(uploads);
    }

    /**
     * Whose it is and from which part it is taken.
     *
     * @param guess why, if the evidence does not prove it; else null
     */
    record Ownership(String owner, String carrier, @Nullable String guess) {}

    /** Owner by what the archive itself says; empty if it takes a guess. */
    Optional<Ownership> known() {
        if (stated != null) {
            return Optional.of(new Ownership(stated, carriers.contains(stated) ? stated : carriers.get(0), null));
        }
        if (carriers.size() == 1) {
            return Optional.of(new Ownership(carriers.get(0), carriers.get(0), null));
        }
        return carriers.stream()
                .filter(uploads::containsKey)
                .min(Comparator.comparing(tenant -> distance(uploads.get(tenant), createdAt)))
                .map(tenant -> new Ownership(tenant, tenant, null));
    }

    /**
     * Owner by the company it keeps: the resource with a known owner that the same user created nearest in time, else the default
     * tenant, else the first tenant that has it.
     *
     * @param known other global resources with their owners
     */
    Ownership guessed(Map<GlobalResource, String> known) {
        List<Map.Entry<GlobalResource, String>> company = new ArrayList<>();
        for (Map.Entry<GlobalResource, String> other : known.entrySet()) {
            if (Objects.equals(other.getKey().createdBy(), createdBy)
                    && other.getKey().createdAt() != null
                    && createdAt != null
                    && carriers.contains(other.getValue())) {
                company.add(other);
            }
        }
        return company.stream()
                .min(Comparator.comparing(other -> distance(other.getKey().createdAt(), createdAt)))
                .map(other -> new Ownership(
                        other.getValue(),
                        other.getValue(),
                        "the same user created " + other.getKey().title() + " next to it in time"))
                .orElseGet(() -> {
                    String tenant = carriers.contains(DEFAULT_TENANT) ? DEFAULT_TENANT : carriers.get(0);
                    return new Ownership(tenant, tenant, "nothing in the archive tells");
                });
    }

    private static Duration distance(@Nullable Instant one, @Nullable Instant other) {
        return one == null || other == null
                ? Duration.ofDays(365_000)
                : Duration.between(one, other).abs();
    }
}
