package io.holdfast.archive.cloudify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of an archive, read field by field. A field that is absent reads as one that is null: Cloudify's versions differ in
 * which fields they write. Every reading method throws {@link ManagerException} INVALID_ARCHIVE if the field holds something of
 * another kind.
 */
public final class Item {

    private final ObjectNode node;
    private final String where;

    Item(ObjectNode node, String where) {
        this.node = node;
        this.where = where;
    }

    /** The object itself; callers must not change it. */
    public ObjectNode node() {
        return node;
    }

    public boolean has(String field) {
        return node.hasNonNull(field);
    }

    public boolean isObject(String field) {
        return node.path(field).isObject();
    }

    public boolean isText(String field) {
        return node.path(field).isTextual();
    }

    /** Whether every field is one of {@code known}; tells it without making a list. */
    public boolean hasOnly(Set<String> known) {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            if (!known.contains(names.next())) {
                return false;
            }
        }
        return true;
    }

    public List<String> fieldNames() {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Text; numbers and booleans read as their JSON text, since some plugins write version numbers bare. */
    public @Nullable String text(String field) {
        JsonNode value = value(field);
        if (value == null) {
            return null;
        }
        if (!value.isValueNode()) {
            throw wrong(field, "text", value);
        }
        return value.asText();
    }

    /** As {@link #text(String)} for a field that an entity cannot be without. */
    public String required(String field) {
        String text = text(field);
        if (text == null) {
            throw new ManagerException(
                    ErrorCode.INVALID_ARCHIVE,
                    where + " has no " + field,
                    "the archive is damaged; take a new snapshot");
        }
        return text;
    }

    public String text(String field, String otherwise) {
        String text = text(field);
        return text == null ? otherwise : text;
    }

    public boolean bool(String field, boolean otherwise) {
        JsonNode value = value(field);
        if (value == null) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw wrong(field, "true or false", value);
        }
        return value.booleanValue();
    }

    /** A whole number that fits 32 bits, also one written as {@code 5.0}; null if absent. */
    public @Nullable Integer number(String field) {
        JsonNode value = value(field);
        if (value == null) {
            return null;
        }
        if (!value.isNumber() || !value.canConvertToExactIntegral() || !value.canConvertToInt()) {
            throw wrong(field, "a whole number", value);
        }
        return value.intValue();
    }

    public int number(String field, int otherwise) {
        Integer number = number(field);
        return number == null ? otherwise : number;
    }

    /** A time with an offset, as all of Cloudify's; one without is taken as UTC, which its REST service uses throughout. */
    public @Nullable Instant instant(String field) {
        String text = text(field);
        if (text == null || text.isBlank()) {
            return null;
        }
        String iso = text.strip().replace(' ', 'T');
        try {
            return OffsetDateTime.parse(iso).toInstant();
        } catch (DateTimeException notWithOffset) {
            try {
                return LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw new ManagerException(
                        ErrorCode.INVALID_ARCHIVE,
                        where + " has " + field + " " + text + "; expected a time like 2026-01-02T03:04:05.678Z",
                        "the archive is damaged; take a new snapshot",
                        e);
            }
        }
    }

    /** Any value as compact JSON text; null if absent or JSON null. */
    public @Nullable String json(String field) {
        JsonNode value = value(field);
        return value == null ? null : value.toString();
    }

    /** An object as an item of its own; empty if absent. */
    public Item object(String field) {
        JsonNode value = value(field);
        if (value == null) {
            return new Item(JsonNodeFactory.instance.objectNode(), where);
        }
        if (!(value instanceof ObjectNode object)) {
            throw wrong(field, "an object", value);
        }
        return new Item(object, where);
    }

    /** A list of objects; empty if absent. */
    public List<Item> items(String field) {
        List<Item> items = new ArrayList<>();
        for (JsonNode element : list(field)) {
            if (!(element instanceof ObjectNode object)) {
                throw wrong(field, "a list of objects", element);
            }
            items.add(new Item(object, where));
        }
        return items;
    }

    /** A list of texts; empty if absent. */
    public List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : list(field)) {
            if (!element.isTextual()) {
                throw wrong(field, "a list of texts", element);
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    /** Where it comes from, for messages. */
    public String where() {
        return where;
    }

    @Override
    public String toString() {
        return where;
    }

    private Iterable<JsonNode> list(String field) {
        JsonNode value = value(field);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrong(field, "a list", value);
        }
        return value;
    }

    private @Nullable JsonNode value(String field) {
        JsonNode value = node.get(field);
        return value == null || value.isNull() ? null : value;
    }

    private ManagerException wrong(String field, String expected, JsonNode found) {
        return new ManagerException(
                ErrorCode.INVALID_ARCHIVE,
                where + " has " + field + " as " + found.getNodeType() + "; expected " + expected,
                "the archive is damaged; take a new snapshot");
    }
}
