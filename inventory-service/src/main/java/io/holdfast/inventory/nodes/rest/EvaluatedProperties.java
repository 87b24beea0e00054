package io.holdfast.inventory.nodes.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.app.EvaluateFunctions;
import io.holdfast.listing.Row;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows the properties of nodes and node instances as their functions are now. Reads each deployment once. */
@Singleton
class EvaluatedProperties {

    private static final String PROPERTIES = "properties";
    private static final String RUNTIME_PROPERTIES = "runtime_properties";

    private record Deployment(String tenant, String id) {}

    private final EvaluateFunctions evaluate;
    private final ObjectMapper mapper;

    EvaluatedProperties(EvaluateFunctions evaluate, ObjectMapper mapper) {
        this.evaluate = evaluate;
        this.mapper = mapper;
    }

    /** @param instance the node instance that SELF means in its node; null: none */
    void ofNodes(List<Row> nodes, @Nullable String instance, CallerIdentity caller) {
        Map<Deployment, List<Row>> byDeployment = new LinkedHashMap<>();
        for (Row node : nodes) {
            if (node.wants(PROPERTIES)) {
                byDeployment
                        .computeIfAbsent(
                                new Deployment(
                                        node.tenant(), node.hidden("deployment").orElseThrow()),
                                deployment -> new ArrayList<>())
                        .add(node);
            }
        }
        byDeployment.forEach((deployment, rows) -> {
            Map<String, @Nullable Object> stored = new LinkedHashMap<>();
            rows.forEach(row -> stored.put(row.id(), stored(row, PROPERTIES)));
            Map<String, @Nullable Object> now =
                    evaluate.properties(deployment.id(), stored, instance, caller.in(deployment.tenant()));
            rows.forEach(row -> row.json().set(PROPERTIES, mapper.valueToTree(now.get(row.id()))));
        });
    }

    void ofInstance(Row instance, CallerIdentity caller) {
        if (instance.wants(RUNTIME_PROPERTIES)) {
            Object now = evaluate.runtimeProperties(
                    instance.hidden("deployment").orElseThrow(),
                    instance.hidden("node").orElseThrow(),
                    instance.id(),
                    stored(instance, RUNTIME_PROPERTIES),
                    caller.in(instance.tenant()));
            instance.json().set(RUNTIME_PROPERTIES, mapper.valueToTree(now));
        }
    }

    private @Nullable Object stored(Row row, String field) {
        return mapper.convertValue(row.parsed(mapper).path(field), Object.class);
    }
}
