package io.holdfast.inventory.filters.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.filters.Filtered;
import io.holdfast.inventory.filters.SystemFilters;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes, changes and removes saved filters. Source of the rules and texts: cloudify-api section 14. */
@ApplicationScoped
public class ChangeFilter {

    private static final String RESERVED_PREFIX = "csys-";

    private final FilterRecords records;
    private final Clock clock;

    ChangeFilter(FilterRecords records, Clock clock) {
        this.records = records;
        this.clock = clock;
    }

    /**
     * @param createdBy null: the caller
     * @param createdAt null: now
     */
    @Transactional
    public void create(
            Filtered filtered,
            String id,
            List<FilterRule> rules,
            Visibility visibility,
            @Nullable String createdBy,
            @Nullable Instant createdAt,
            CallerIdentity caller) {
        if (id.toLowerCase(Locale.ROOT).startsWith(RESERVED_PREFIX)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "All filters with a `" + RESERVED_PREFIX + "` prefix are reserved for internal use.",
                    "choose another id");
        }
        if (SystemFilters.of(filtered).containsKey(id)) {
            throw Refusals.taken(filtered.model(), id, String.valueOf(caller.tenant()));
        }
        Instant now = clock.instant();
        records.add(
                filtered,
                new FilterRecords.New(
                        Objects.requireNonNull(caller.tenant(), "a filter has a tenant"),
                        id,
                        rules,
                        visibility,
                        createdBy == null ? caller.username() : createdBy,
                        createdAt == null ? now : createdAt,
                        now));
    }

    /**
     * Null: as it is.
     *
     * @param rules take the place of those of their own type; rules of the other type stay
     */
    @Transactional
    public void change(
            Filtered filtered,
            String id,
            @Nullable List<FilterRule> rules,
            @Nullable Visibility visibility,
            CallerIdentity caller) {
        FilterRecords.Stored filter = own(filtered, id, "update", caller);
        if (visibility != null) {
            records.visibility(filtered, filter, visibility);
        }
        if (rules != null && !rules.isEmpty()) {
            boolean labels = rules.stream().anyMatch(FilterRule::label);
            boolean attributes = rules.stream().anyMatch(rule -> !rule.label());
            Stream<FilterRule> kept = filter.rules().stream().filter(rule -> rule.label() ? !labels : !attributes);
            records.rules(filtered, filter, Stream.concat(kept, rules.stream()).toList());
        }
        records.updatedAt(filtered, filter, clock.instant());
    }

    @Transactional
    public void remove(Filtered filtered, String id, CallerIdentity caller) {
        records.remove(filtered, own(filtered, id, "delete", caller));
    }

    private FilterRecords.Stored own(Filtered filtered, String id, String action, CallerIdentity caller) {
        if (SystemFilters.of(filtered).containsKey(id)) {
            throw system(action);
        }
        FilterRecords.Stored filter = records.own(filtered, id, caller);
        if (filter.system()) {
            throw system(action);
        }
        return filter;
    }

    private static ManagerException system(String action) {
        return new ManagerException(ErrorCode.ILLEGAL_ACTION, "Cannot " + action + " a system filter", null);
    }
}
