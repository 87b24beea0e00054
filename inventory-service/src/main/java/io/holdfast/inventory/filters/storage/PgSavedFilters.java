package io.holdfast.inventory.filters.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
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
                .searchBy("_search", "e.id")
                .sortBy("created_at")
                .build();
    }

    /** Users' filters and the manager's own, unless an archive brought the latter as rows. */
    private static String rows(Filtered filtered) {
        String table = PgFilterRecords.name(filtered);
        StringBuilder sql =
                new StringBuilder("SELECT ").append(COLUMNS).append(" FROM ").append(table);
        long place = -SystemFilters.of(filtered).size();
        for (Map.Entry<String, List<FilterRule>> filter :
                SystemFilters.of(filtered).entrySet()) {
            sql.append(" UNION ALL SELECT ")
                    .append(place++)
                    .append(", 'default_tenant', '")
                    .append(filter.getKey())
                    .append("', '")
                    .append(new RulesJson(new ObjectMapper()).write(filter.getValue()))
                    .append("'::jsonb, true, 'global', 'admin', NULL::timestamptz, NULL::timestamptz")
                    .append(" WHERE NOT EXISTS (SELECT FROM ")
                    .append(table)
                    .append(" WHERE visibility = 'global' AND id = '")
                    .append(filter.getKey())
                    .append("')");
        }
        return sql.toString();
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
