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
import io.holdfast.listing.Summary;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

@Singleton
class PgNodes implements Nodes {

    private static final String SEARCH = "_search";
    private static final String PLANNED = "actual_planned_number_of_instances";

    /** Whether the deployment has scaling groups. */
    private static final String HAS_GROUPS = "jsonb_typeof(d.scaling_groups) = 'object' AND d.scaling_groups <> '{}'";

    /**
     * Times the planned instances of each scaling group that the node or its host is a member of. The product is made of logarithms, exact
     * to the last digit of all that a deployment can be, and ends where a bigint does.
     */
    private static final String PLANNED_IN_GROUPS = """
            e.planned_number_of_instances * (
                SELECT CASE WHEN count(*) = 0 THEN 1
                            WHEN min(planned) <= 0 THEN 0
                            ELSE round(exp(sum(ln(planned)) FILTER (WHERE planned > 0))) END
                  FROM (SELECT CASE WHEN jsonb_typeof(g.value #> '{properties,planned_instances}') = 'number'
                                    THEN trunc((g.value #>> '{properties,planned_instances}')::numeric) END AS planned
                          FROM jsonb_each(CASE WHEN %s THEN d.scaling_groups ELSE '{}' END) g
                         WHERE jsonb_typeof(g.value -> 'members') = 'array'
                           AND (jsonb_exists(g.value -> 'members', e.id) OR jsonb_exists(g.value -> 'members', e.host_id))) groups
                 WHERE planned IS NOT NULL)""".formatted(HAS_GROUPS);

    /** As a client sees it that did not ask for counts: of deployments with scaling groups only. */
    private static final Entity ENTITY =
            entity("CASE WHEN " + HAS_GROUPS + " THEN " + PLANNED_IN_GROUPS + " ELSE 0 END");

    private static final Entity COUNTED = entity(PLANNED_IN_GROUPS);

    /** Nodes have no labels; rules on these are refused before. */
    private static final RuleSql RULES = new RuleSql(Map.of("id", "e.id", "type", "e.type"));

    private static final Summary SUMMARY = new Summary("nodes", List.of("deployment_id", "tenant_name", "visibility"));

    private final Lister lister;

    PgNodes(@DataSource("inventory") AgroalDataSource dataSource) {
        this.lister = new Lister(dataSource);
    }

    @Override
    public Listing list(ListRequest request, CallerIdentity caller) {
        return lister.list(request.special("_instance_counts", false) ? COUNTED : ENTITY, request, caller);
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

    private static Entity entity(String planned) {
        return Entity.of("Node", """
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
                .integer(PLANNED, "least(" + planned + ", 9223372036854775807)::bigint")
                .hidden("deployment", "e.deployment_id")
                .owned("e")
                .counted("inventory", "nodes")
                .grouped("deployment_id")
                .searchBy(SEARCH, "e.id")
                .build();
    }

    /** Evaluated for the rows of a page only; one index look-up each. */
    private static String instances(String condition) {
        return "(SELECT count(*) FROM inventory.node_instances i WHERE i.tenant_name = e.tenant_name"
                + " AND i.deployment_id = e.deployment_id AND i.node_id = e.id AND " + condition + ")";
    }
}
