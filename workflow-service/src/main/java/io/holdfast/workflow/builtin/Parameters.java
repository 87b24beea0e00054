package io.holdfast.workflow.builtin;

import io.holdfast.contracts.language.PythonText;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of an execution, read as its workflow means them. */
public final class Parameters {

    private final Map<String, ?> values;

    /** @param values as sent; values may be null */
    public Parameters(Map<String, ?> values) {
        this.values = values;
    }

    /** @throws WorkflowFailure for what is neither yes nor no */
    public boolean flag(String name, boolean otherwise) {
        Object value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        return switch (value.toString().toLowerCase(java.util.Locale.ROOT)) {
            case "true" -> true;
            case "false", "" -> false;
            default ->
                throw new WorkflowFailure(
                        "The " + name + " parameter must be true or false. Got: " + PythonText.str(value));
        };
    }

    /** Whether there is a value other than null. */
    boolean isGiven(String name) {
        return values.get(name) != null;
    }

    /** Empty where nothing is given; a single value is a list of one. */
    List<String> texts(String name) {
        Object value = values.get(name);
        if (value == null || value.equals("")) {
            return List.of();
        }
        return value instanceof Collection<?> items
                ? items.stream().map(String::valueOf).toList()
                : List.of(value.toString());
    }

    /** Null where nothing is given. */
    public @Nullable String text(String name) {
        Object value = values.get(name);
        return value == null || value.equals("") ? null : value.toString();
    }

    /** @throws WorkflowFailure for what is no whole number */
    public int number(String name, int otherwise) {
        Object value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(value.toString().strip());
        } catch (NumberFormatException e) {
            throw new WorkflowFailure("The " + name + " parameter must be a number. Got: " + PythonText.str(value));
        }
    }

    /** Empty where it is no object. */
    Map<?, ?> object(String name) {
        return values.get(name) instanceof Map<?, ?> map ? map : Map.of();
    }
}
