package io.holdfast.inventory.labels.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.labels.CarriedLabel;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.inventory.resources.rest.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Labels as clients send them: {@code [{"env": "test"}]} or {@code [{"key": "env", "value": "test"}]}. A value may be a list in both:
 * {@code [{"env": ["a", "b"]}]}.
 */
public final class LabelsInBody {

    private static final String KEY = "key";
    private static final String VALUE = "value";

    private static final Pattern UNESCAPED_COMMA = Pattern.compile("(?<!\\\\),");

    private static final Pattern UNESCAPED_EQUALS = Pattern.compile("(?<!\\\\)=");

    private LabelsInBody() {}

    /**
     * In the order given; {@code bad_parameters_error} where one is given twice.
     *
     * @param list null, and JSON's null, are none
     */
    public static List<Label> of(@Nullable JsonNode list) {
        List<Label> labels = new ArrayList<>();
        items(list).forEach(item -> labels.addAll(ofItem(item)));
        requireDistinct(labels);
        return labels;
    }

    /**
     * As {@link #of}, and who made a label and when, where it says so as things show it: with {@code created_by} and {@code created_at}
     * beside {@code key} and {@code value}.
     *
     * @throws ManagerException as {@link #of} and {@link Origin#of}
     */
    public static List<CarriedLabel> carried(@Nullable JsonNode list, Directory directory, CallerIdentity caller) {
        List<CarriedLabel> labels = new ArrayList<>();
        for (JsonNode item : items(list)) {
            JsonBody fields = item.has(KEY) && item.has(VALUE) ? JsonBody.of(item) : JsonBody.of(null);
            Origin origin = Origin.of(fields.text("created_by"), fields.text("created_at"), directory, caller);
            ofItem(item).forEach(label -> labels.add(new CarriedLabel(label, origin.createdBy(), origin.createdAt())));
        }
        requireDistinct(labels.stream().map(CarriedLabel::label).toList());
        return labels;
    }

    private static List<JsonNode> items(@Nullable JsonNode list) {
        List<JsonNode> items = new ArrayList<>();
        if (list != null && !list.isNull()) {
            if (!list.isArray()) {
                throw bad();
            }
            list.forEach(items::add);
        }
        return items;
    }

    private static List<Label> ofItem(JsonNode item) {
        if (item.isObject() && item.has(KEY) && item.has(VALUE)) {
            return labels(text(item.get(KEY)), item.get(VALUE));
        }
        if (!item.isObject() || item.size() != 1) {
            throw bad();
        }
        return item.properties().stream()
                .flatMap(entry -> labels(entry.getKey(), entry.getValue()).stream())
                .toList();
    }

    private static void requireDistinct(List<Label> labels) {
        if (Set.copyOf(labels).size() != labels.size()) {
            throw new ManagerException(ErrorCode.BAD_PARAMETERS, "You cannot define the same label twice", null);
        }
    }

    /**
     * Labels as {@code key=value,key=value}, in which {@code \,} and {@code \=} stand for the characters themselves; as {@link #of}
     * otherwise.
     */
    public static List<Label> ofText(String text) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (String label : UNESCAPED_COMMA.split(text, -1)) {
            String[] parts = UNESCAPED_EQUALS.split(label, -1);
            if (parts.length != 2) {
                throw new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "the label `" + label + "` is not of the form key=value",
                        "give labels as key=value,key=value, with a backslash before a comma or = that belongs to one");
            }
            list.addObject().put(unescaped(parts[0]), unescaped(parts[1]));
        }
        return of(list);
    }

    private static String unescaped(String text) {
        return text.replace("\\,", ",").replace("\\=", "=");
    }

    private static List<Label> labels(String key, JsonNode value) {
        if (!value.isArray()) {
            return List.of(Label.of(key, text(value)));
        }
        List<Label> labels = new ArrayList<>();
        value.forEach(one -> labels.add(Label.of(key, text(one))));
        return labels;
    }

    private static String text(JsonNode node) {
        if (!node.isTextual()) {
            throw bad();
        }
        return node.asText();
    }

    private static ManagerException bad() {
        return new ManagerException(
                ErrorCode.BAD_PARAMETERS,
                "Labels must be a list of 1-entry dictionaries: [{<key1>: <value1>}, {<key2>: [<value2>, <value3>]}, ...]",
                null);
    }
}
