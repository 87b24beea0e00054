package io.holdfast.scheduler.executions.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.language.PythonText;
import io.holdfast.scheduler.executions.Execution;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON request body, read with the API's own rules and messages. Source: the Cloudify REST API v3.1. */
record Body(Map<String, @Nullable Object> fields) {

    private static final int LONGEST_KEY = 200;

    static Body of(@Nullable Map<String, @Nullable Object> fields) {
        return new Body(fields == null ? Map.of() : fields);
    }

    String requiredText(String name) {
        if (!fields.containsKey(name)) {
            throw bad("Missing " + name + " in json request body");
        }
        Object value = fields.get(name);
        if (value instanceof String text) {
            return text;
        }
        throw bad(name + " parameter is expected to be of type str but is of type " + PythonText.typeName(value));
    }

    @Nullable
    String text(String name) {
        Object value = fields.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw bad(name + " parameter is expected to be of type str but is of type " + PythonText.typeName(value));
    }

    /** A text that says something; null where it is absent, null or empty. */
    @Nullable
    String given(String name) {
        String text = text(name);
        return text == null || text.isEmpty() ? null : text;
    }

    /** As {@link #flag}, but null is a wrong value. */
    boolean flagIfGiven(String name) {
        if (fields.containsKey(name) && fields.get(name) == null) {
            throw bad(name + " must be <true/false>, got None");
        }
        return flag(name);
    }

    /** Booleans, or their texts in any case, as clients of the API send them; false where nothing is said, or null. */
    boolean flag(String name) {
        Object value = fields.get(name);
        if (value == null) {
            return false;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        if ("true".equalsIgnoreCase(String.valueOf(value))) {
            return true;
        }
        if ("false".equalsIgnoreCase(String.valueOf(value))) {
            return false;
        }
        throw bad(name + " must be <true/false>, got " + PythonText.str(value));
    }

    /** How many there are of something; BAD_PARAMETERS unless it is a whole number from 0 on. */
    int count(String name) {
        if (fields.get(name) instanceof Integer count && count >= 0) {
            return count;
        }
        throw bad(name + " is " + PythonText.str(fields.get(name)) + "; expected a whole number from 0 on");
    }

    /** {@code priority}, an extension of the API: 0 to 9, or its text; 5 where nothing is said. */
    int priority() {
        Object value = fields.get("priority");
        if (value == null) {
            return Execution.Turn.DEFAULT_PRIORITY;
        }
        String text = String.valueOf(value);
        if (!text.matches("[0-9]")) {
            throw bad("priority is " + PythonText.str(value) + "; expected a whole number from 0 (last) to 9 (first)");
        }
        return Integer.parseInt(text);
    }

    /** {@code concurrency_key}, an extension of the API. */
    @Nullable
    String concurrencyKey() {
        String key = text("concurrency_key");
        if (key != null && (key.isBlank() || key.length() > LONGEST_KEY)) {
            throw bad("concurrency_key has " + key.length() + " characters; expected 1 to " + LONGEST_KEY
                    + ", not only blanks");
        }
        return key;
    }

    Map<String, Object> parameters() {
        Object value = fields.get("parameters");
        if (value == null) {
            return Map.of();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(String.valueOf(key), item));
            return copy;
        }
        throw bad("request body's 'parameters' field must be a dict but is of type " + PythonText.typeName(value));
    }

    @Nullable
    Instant time(String name) {
        String text = given(name);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text.contains("Z") || text.matches(".*[+-]\\d{2}:\\d{2}$") ? text : text + "Z")
                    .toInstant();
        } catch (DateTimeParseException e) {
            throw bad(text + " is not a legal time format");
        }
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
