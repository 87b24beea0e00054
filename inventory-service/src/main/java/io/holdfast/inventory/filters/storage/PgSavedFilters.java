package io.holdfast.inventory.filters.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.FilterRule;
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

    private static final Entity BLUEPRINTS = entity("BlueprintsFilter", "inventory.blueprints_filters e");
    private static final Entity DEPLOYMENTS = entity("DeploymentsFilter", "inventory.deployments_filters e");

    private final Lister lister;
    private final ObjectMapper json;

    PgSavedFilters(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper json) {
        this.lister = new Lister(dataSource);
        this.json = json;
    }

    private static Entity entity(String model, String from) {
        return Entity.of(model, from)
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

    private static Entity of(Kind kind) {
        return kind == Kind.BLUEPRINTS ? BLUEPRINTS : DEPLOYMENTS;
    }

    @Override
    public Listing list(Kind kind, ListRequest request, CallerIdentity caller) {
        return lister.list(of(kind), request, caller);
    }

    @Override
    public Row get(Kind kind, String id, ListRequest request, CallerIdentity caller) {
        return lister.get(of(kind), id, request, caller);
    }

    @Override
    public List<FilterRule> rules(Kind kind, String id, CallerIdentity caller) {
        Row row = get(kind, id, ListRequest.parseGet(Map.of("_include", List.of("id"))), caller);
        List<FilterRule> rules = new ArrayList<>();
        for (JsonNode rule : parse(row.hidden("value").orElse("[]"))) {
            List<String> values = new ArrayList<>();
            rule.path("values").forEach(value -> values.add(value.asText()));
            rules.add(new FilterRule(
                    "label".equals(rule.path("type").asText()),
                    rule.path("key").asText(),
                    FilterRule.Operator.of(rule.path("operator").asText()),
                    values));
        }
        return rules;
    }

    private JsonNode parse(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a jsonb column is always JSON", e);
        }
    }
}
