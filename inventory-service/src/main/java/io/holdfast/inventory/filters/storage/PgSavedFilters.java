package io.holdfast.inventory.filters.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.filters.Filtered;
import io.holdfast.inventory.filters.app.SavedFilters;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

@Singleton
class PgSavedFilters implements SavedFilters {

    private static final Entity BLUEPRINTS = entity(Filtered.BLUEPRINTS);
    private static final Entity DEPLOYMENTS = entity(Filtered.DEPLOYMENTS);

    private final Lister lister;
    private final RulesJson json;

    PgSavedFilters(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper json) {
        this.lister = new Lister(dataSource);
        this.json = new RulesJson(json);
    }

    private static Entity entity(Filtered filtered) {
        return Entity.of(filtered.model(), PgFilterRecords.name(filtered) + " e")
                .times("created_at", "updated_at")
                .texts("id")
                .jsons("value")
                .bools("is_system_filter")
                .json("labels_filter_rules", rulesOf("label"))
                .json("attrs_filter_rules", rulesOf("attribute"))
                .hidden("value", "e.value")
                .owned("e")
                .searchBy("_search", "e.id")
                .sortBy("created_at")
                .build();
    }

    private static String rulesOf(String type) {
        return "(SELECT coalesce(jsonb_agg(r.rule ORDER BY r.place), '[]'::jsonb)"
                + " FROM jsonb_array_elements(e.value) WITH ORDINALITY AS r(rule, place) WHERE r.rule ->> 'type' = '"
                + type + "')";
    }

    private static Entity of(Filtered filtered) {
        return filtered == Filtered.BLUEPRINTS ? BLUEPRINTS : DEPLOYMENTS;
    }

    @Override
    public Listing list(Filtered filtered, ListRequest request, CallerIdentity caller) {
        return lister.list(of(filtered), request, caller);
    }

    @Override
    public Row get(Filtered filtered, String id, ListRequest request, CallerIdentity caller) {
        return lister.get(of(filtered), id, request, caller);
    }

    @Override
    public List<FilterRule> rules(Filtered filtered, String id, CallerIdentity caller) {
        Row row = get(filtered, id, ListRequest.parseGet(Map.of("_include", List.of("id"))), caller);
        return json.read(row.hidden("value").orElse("[]"));
    }
}
