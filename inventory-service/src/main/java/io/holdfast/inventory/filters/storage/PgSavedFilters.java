package io.holdfast.inventory.filters.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.filters.Filtered;
import io.holdfast.inventory.filters.SystemFilters;
import io.holdfast.inventory.filters.app.SavedFilters;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

@Singleton
class PgSavedFilters implements SavedFilters {

    private static final String COLUMNS =
            "storage_id, tenant_name, id, value, is_system_filter, visibility, created_by, created_at, updated_at";

    private static final Entity BLUEPRINTS = entity(Filtered.BLUEPRINTS);
    private static final Entity DEPLOYMENTS = entity(Filtered.DEPLOYMENTS);

    private final Lister lister;
    private final RulesJson json;

    PgSavedFilters(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper json) {
        this.lister = new Lister(dataSource);
        this.json = new RulesJson(json);
    }

    private static Entity entity(Filtered filtered) {
        return Entity.of(filtered.model(), "(" + rows(filtered) + ") e")
                .times("created_at", "updated_at")
                .texts("id")
                .jsons("value")
                .bools("is_system_filter")
                .json("labels_filter_rules", rulesOf("label"))
                .json("attrs_filter_rules", rulesOf("attribute"))
                .hidden("value", "e.value")
                .owned("e")
                .countedWith("inventory", filtered.wireName() + "_filters", systemCount(filtered))
                .searchBy("_search", "e.id")
                .sortBy("created_at")
                .build();
    }

    /**
     * Users' filters and the manager's own, unless an archive brought the latter as rows. Both have the same types exactly: only then does
     * PostgreSQL look into the union by indexes.
     */
    private static String rows(Filtered filtered) {
        String rows = "SELECT " + COLUMNS + " FROM " + PgFilterRecords.name(filtered);
        return SystemFilters.of(filtered).isEmpty()
                ? rows
                : rows + " UNION ALL SELECT " + COLUMNS + systemRows(filtered);
    }

    /** How many of the manager's own filters {@link #rows} adds. */
    private static String systemCount(Filtered filtered) {
        return SystemFilters.of(filtered).isEmpty() ? "0" : "SELECT count(*)" + systemRows(filtered);
    }

    private static String systemRows(Filtered filtered) {
        RulesJson json = new RulesJson(new ObjectMapper());
        List<String> values = new ArrayList<>();
        long place = -SystemFilters.of(filtered).size();
        for (Map.Entry<String, List<FilterRule>> filter :
                SystemFilters.of(filtered).entrySet()) {
            values.add("((" + place++ + ")::bigint, 'default_tenant'::text, '" + filter.getKey() + "'::text, '"
                    + json.write(filter.getValue())
                    + "'::jsonb, true, 'global'::text, 'admin'::text, NULL::timestamptz, NULL::timestamptz)");
        }
        return " FROM (VALUES " + String.join(", ", values) + ") s (" + COLUMNS + ") WHERE NOT EXISTS (SELECT FROM "
                + PgFilterRecords.name(filtered) + " r WHERE r.visibility = 'global' AND r.id = s.id)";
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
        ResourceId.check("filter_id", id);
        return lister.get(of(filtered), id, request, caller);
    }

    @Override
    public List<FilterRule> rules(Filtered filtered, String id, CallerIdentity caller) {
        Row row = get(filtered, id, ListRequest.parseGet(Map.of("_include", List.of("id"))), caller);
        return json.read(row.hidden("value").orElse("[]"));
    }
}
