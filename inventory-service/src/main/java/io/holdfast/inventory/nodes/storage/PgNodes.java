package io.holdfast.inventory.nodes.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.filters.storage.ConstraintSql;
import io.holdfast.inventory.filters.storage.RuleSql;
import io.holdfast.inventory.nodes.app.Nodes;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.holdfast.listing.Summary;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

@Singleton
class PgNodes implements Nodes {

    private static final String SEARCH = "_search";
    private static final String PLANNED = "actual_planned_number_of_instances";

    /** How often each of the scaling groups is planned that the node or its host is a member of; null: its deployment has none. */
    private static final String FACTORS = "factors";

    private static final Entity ENTITY = Entity.of("Node", """
                    inventory.nodes e
                    LEFT JOIN inventory.deployments d ON d.tenant_name = e.tenant_name AND d.id = e.deployment_id""")
            .texts("id", "deployment_id", "host_id", "type")
            .text("blueprint_id", "d.blueprint_id")
            .text("deployment_display_name", "d.display_name")
            .integers(
                    "deploy_number_of_instances",
                    "max_number_of_instances",
                    "min_number_of_instances",
                    "number_of_instances",
                    "planned_number_of_instances")
            .jsons("plugins", "plugins_to_install", "properties", "relationships", "operations", "type_hierarchy")
            .integer("actual_number_of_instances", instances("true"))
            .integer("drifted_instances", instances("i.has_configuration_drift"))
            .integer("unavailable_instances", instances("NOT i.is_status_check_ok"))
            // With its type, because a bare number in ORDER BY means a column's position.
            .integer(PLANNED, "0::bigint")
            .hidden("planned", "e.planned_number_of_instances")
            .hidden(FACTORS, """
                    CASE WHEN jsonb_typeof(d.scaling_groups) = 'object' AND d.scaling_groups <> '{}' THEN (
                        SELECT coalesce(string_agg(g.value #>> '{properties,planned_instances}', ' '), '')
                          FROM jsonb_each(d.scaling_groups) g
                         WHERE jsonb_typeof(g.value -> 'members') = 'array'
                           AND (jsonb_exists(g.value -> 'members', e.id) OR jsonb_exists(g.value -> 'members', e.host_id))) END""")
            .hidden("deployment", "e.deployment_id")
            .owned("e")
            .counted("inventory", "nodes")
            .grouped("deployment_id")
            .searchBy(SEARCH, "e.id")
            .build();

    /** Nodes have no labels; rules on these are refused before. */
    private static final RuleSql RULES = new RuleSql(Map.of("id", "e.id", "type", "e.type"));

    private static final Summary SUMMARY = new Summary("nodes", List.of("deployment_id", "tenant_name", "visibility"));

    private final Lister lister;

    PgNodes(@DataSource("inventory") AgroalDataSource dataSource) {
        this.lister = new Lister(dataSource);
    }

    @Override
    public Listing list(ListRequest request, CallerIdentity caller) {
        Listing listing = lister.list(ENTITY, request, caller);
        boolean counted = request.special("_instance_counts", false);
        listing.rows().stream().filter(row -> row.wants(PLANNED)).forEach(row -> {
            Optional<String> factors = row.hidden(FACTORS);
            if (counted || factors.isPresent()) {
                row.json().put(PLANNED, planned(row, factors.orElse("")));
            }
        });
        return listing;
    }

    private static long planned(Row row, String factors) {
        return Stream.of(factors.split(" "))
                .filter(factor -> !factor.isEmpty())
                .map(Long::valueOf)
                .reduce(row.hidden("planned").map(Long::valueOf).orElse(0L), (all, factor) -> all * factor);
    }

    @Override
    public Listing search(
            ListRequest request, String field, List<FilterRule> rules, Constraints names, CallerIdentity caller) {
        boolean ofTypes = field.equals("type");
        List<Condition> conditions = new ArrayList<>();
        ListRequest all = ofTypes ? request.withoutSpecial(SEARCH) : request;
        if (ofTypes) {
            request.special(SEARCH).ifPresent(part -> conditions.add(Condition.contains("e.type", part)));
        }
        if (!rules.isEmpty()) {
            conditions.add(RULES.of(rules));
        }
        if (ofTypes && names.validValues() != null) {
            // A type is valid with those that are derived from it.
            conditions.add(Condition.of("jsonb_exists_any(e.type_hierarchy, ?)", names.validValues()));
        }
        if (field.equals(OPERATIONS)) {
            Condition[] ofName = ConstraintSql.on("operation", names);
            if (ofName.length > 0) {
                conditions.add(hasOperation(ofName));
            }
            return lister.listFiltered(ENTITY, all, caller, List.of(), conditions);
        }
        conditions.addAll(List.of(ConstraintSql.on(
                ofTypes ? "e.type" : "e.id", ofTypes ? new Constraints(names.patterns(), null) : names)));
        return lister.listFiltered(ENTITY, all, caller, List.of(), conditions);
    }

    /** One operation must satisfy all of them. */
    private static Condition hasOperation(Condition[] ofName) {
        String all = Arrays.stream(ofName).map(Condition::sql).collect(Collectors.joining(" AND "));
        List<@Nullable Object> binds = new ArrayList<>();
        for (Condition condition : ofName) {
            binds.addAll(condition.binds());
        }
        return new Condition(
                "EXISTS (SELECT FROM jsonb_object_keys(CASE WHEN jsonb_typeof(e.operations) = 'object' THEN e.operations"
                        + " ELSE '{}' END) AS operation WHERE " + all + ")",
                binds);
    }

    @Override
    public ObjectNode summary(ListRequest request, CallerIdentity caller) {
        return lister.summarize(SUMMARY, ENTITY, request, caller);
    }

    /** Evaluated for the rows of a page only; one index look-up each. */
    private static String instances(String condition) {
        return "(SELECT count(*) FROM inventory.node_instances i WHERE i.tenant_name = e.tenant_name"
                + " AND i.deployment_id = e.deployment_id AND i.node_id = e.id AND " + condition + ")";
    }
}
