package io.holdfast.inventory.language;

import io.holdfast.contracts.language.PythonText;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A value of a YAML file that knows where it stands. Immutable, without cycles; nodes may be shared where the text has aliases. */
public sealed interface YamlNode {

    Mark mark();

    /** As plain values: maps and lists that can be changed, text, numbers, booleans, null. */
    @Nullable
    Object toData();

    /** For messages: {@code a mapping}, {@code the text 'x'}. */
    String described();

    /** Plain values as nodes that all stand at one place. Keys become text. What is one object in the data is one node. */
    static YamlNode of(@Nullable Object data, Mark mark) {
        return of(data, mark, new IdentityHashMap<>());
    }

    private static YamlNode of(@Nullable Object data, Mark mark, Map<Object, YamlNode> known) {
        YamlNode node = data == null ? null : known.get(data);
        if (node != null) {
            return node;
        }
        if (data instanceof Map<?, ?> map) {
            Map<String, YamlNode> entries = new LinkedHashMap<>();
            map.forEach((key, value) -> entries.put(String.valueOf(key), of(value, mark, known)));
            node = new Mapping(entries, Map.of(), mark);
        } else if (data instanceof List<?> list) {
            List<YamlNode> items = new ArrayList<>();
            list.forEach(item -> items.add(of(item, mark, known)));
            node = new Sequence(items, mark);
        } else {
            return new Scalar(data, mark);
        }
        known.put(data, node);
        return node;
    }

    /** @param value text, {@code Long}, {@code BigInteger}, {@code Double}, {@code Boolean} or null; other numbers become one of these */
    record Scalar(@Nullable Object value, Mark mark) implements YamlNode {

        public Scalar {
            if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
                value = ((Number) value).longValue();
            } else if (value instanceof BigInteger big && big.bitLength() < Long.SIZE) {
                value = big.longValue();
            } else if (value instanceof Number number && !(value instanceof Long) && !(value instanceof BigInteger)) {
                value = number.doubleValue();
            } else if (value != null
                    && !(value instanceof Number)
                    && !(value instanceof Boolean)
                    && !(value instanceof String)) {
                throw new IllegalArgumentException("not a scalar: " + value.getClass());
            }
            Objects.requireNonNull(mark);
        }

        @Override
        public @Nullable Object toData() {
            return value;
        }

        @Override
        public String described() {
            if (value == null) {
                return "nothing";
            }
            if (value instanceof String text) {
                return "the text '" + Texts.shortened(text) + "'";
            }
            return (value instanceof Boolean ? "the boolean " : "the number ") + PythonText.str(value);
        }
    }

    record Sequence(List<YamlNode> items, Mark mark) implements YamlNode {

        public Sequence {
            items = List.copyOf(items);
            Objects.requireNonNull(mark);
        }

        @Override
        public Object toData() {
            List<@Nullable Object> data = new ArrayList<>();
            items.forEach(item -> data.add(item.toData()));
            return data;
        }

        @Override
        public String described() {
            return "a list";
        }
    }

    /** @param keys where the keys stand, as far as known */
    record Mapping(Map<String, YamlNode> entries, Map<String, Mark> keys, Mark mark) implements YamlNode {

        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
            keys = Map.copyOf(keys);
            Objects.requireNonNull(mark);
        }

        public static Mapping empty(Mark mark) {
            return new Mapping(Map.of(), Map.of(), mark);
        }

        public @Nullable YamlNode get(String key) {
            return entries.get(key);
        }

        /** The value, or null where the key is missing or has none. */
        public @Nullable YamlNode given(String key) {
            YamlNode value = entries.get(key);
            return value instanceof Scalar scalar && scalar.value() == null ? null : value;
        }

        /** Where the key stands; else where the mapping does. */
        public Mark keyMark(String key) {
            Mark known = keys.get(key);
            return known == null ? mark : known;
        }

        /** A copy with this entry in place of the one of the same key, or at the end. */
        public Mapping with(String key, YamlNode value) {
            Map<String, YamlNode> changed = new LinkedHashMap<>(entries);
            changed.put(key, value);
            return new Mapping(changed, keys, mark);
        }

        @Override
        public Map<String, @Nullable Object> toData() {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            entries.forEach((key, value) -> data.put(key, value.toData()));
            return data;
        }

        @Override
        public String described() {
            return "a mapping";
        }
    }
}
