package io.holdfast.inventory.filters.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.filters.Filtered;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Visibility;
import java.time.Instant;
import java.util.List;

/** The rows of saved filters, for writing. Each change belongs to the transaction that runs. */
public interface FilterRecords {

    /** @param system made by the manager, not by users */
    record Stored(Owned owned, boolean system, List<FilterRule> rules) {
        public Stored {
            rules = List.copyOf(rules);
        }
    }

    record New(
            String tenant,
            String id,
            List<FilterRule> rules,
            Visibility visibility,
            String createdBy,
            Instant createdAt,
            Instant updatedAt) {
        public New {
            rules = List.copyOf(rules);
        }
    }

    /** Of the caller's own tenant; {@code not_found_error}, {@code illegal_action_error}. */
    Stored own(Filtered filtered, String id, CallerIdentity caller);

    /** @throws io.holdfast.contracts.errors.ManagerException {@code conflict_error} where another has the id, here or globally */
    void add(Filtered filtered, New filter);

    void rules(Filtered filtered, Stored filter, List<FilterRule> rules);

    void visibility(Filtered filtered, Stored filter, Visibility visibility);

    void updatedAt(Filtered filtered, Stored filter, Instant at);

    void remove(Filtered filtered, Stored filter);
}
