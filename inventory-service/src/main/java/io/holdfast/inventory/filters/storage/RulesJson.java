package io.holdfast.inventory.filters.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.resources.storage.JsonText;
import java.util.ArrayList;
import java.util.List;

/** Rules as a row has them. */
final class RulesJson {

    private final ObjectMapper json;

    RulesJson(ObjectMapper json) {
        this.json = json;
    }

    List<FilterRule> read(String text) {
        List<FilterRule> rules = new ArrayList<>();
        for (JsonNode rule : JsonText.tree(json, text)) {
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

    String write(List<FilterRule> rules) {
        try {
            return json.writeValueAsString(rules.stream().map(FilterRule::data).toList());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("rules are always JSON", e);
        }
    }
}
