package io.holdfast.scheduler.executions;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.language.DeclaredConstraint;
import io.holdfast.contracts.language.IntrinsicFunctions;
import io.holdfast.contracts.language.NamedThings;
import io.holdfast.contracts.language.PythonText;
import io.holdfast.contracts.language.ValueConstraint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Joins the parameters that a user gives with those that a workflow declares. Source: the Cloudify REST API v3.1. */
public final class WorkflowParameters {

    private WorkflowParameters() {}

    /**
     * Given values, converted to the declared types, and the declared defaults of the others.
     *
     * @param things asked for values of types that name a thing of the manager
     * @throws ManagerException ILLEGAL_EXECUTION_PARAMETERS for undeclared ones (unless custom ones are allowed), else for all values that
     *     are not of the declared type, else for all values and defaults that do not satisfy their constraints, else for missing
     *     required ones
     */
    public static Map<String, Object> merge(
            DeploymentFacts.Workflow workflow, Map<String, Object> given, boolean allowCustom, NamedThings things) {
        List<String> custom = given.keySet().stream()
                .filter(name -> !workflow.parameters().containsKey(name))
                .sorted()
                .toList();
        if (!custom.isEmpty() && !allowCustom) {
            throw illegal("Workflow \"" + workflow.name() + "\" does not have the following parameters declared: "
                    + String.join(",", custom)
                    + ". Remove these parameters or use the flag for allowing custom parameters");
        }
        Map<String, Object> merged = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        workflow.parameters().forEach((name, declaration) -> {
            if (given.containsKey(name)) {
                Object value = given.get(name);
                Object converted = converted(declaration.get("type"), declaration.get("item_type"), value);
                if (converted == null && value != null) {
                    wrong.add("Parameter \"" + name + "\" must be of type " + typeOf(declaration));
                }
                merged.put(name, converted);
            } else if (declaration.containsKey("default")) {
                merged.put(name, declaration.get("default"));
            } else if (!Boolean.FALSE.equals(declaration.get("required"))) {
                missing.add(name);
            }
        });
        if (!wrong.isEmpty()) {
            throw illegal(String.join("\n", wrong));
        }
        List<String> violations = new ArrayList<>();
        workflow.parameters().forEach((name, declaration) -> {
            String violation = merged.containsKey(name) ? violation(name, declaration, merged.get(name), things) : null;
            if (violation != null) {
                violations.add("Parameter \"" + name + "\" does not meet its constraints: " + violation);
            }
        });
        if (!violations.isEmpty()) {
            throw illegal(String.join("\n", violations));
        }
        if (!missing.isEmpty()) {
            throw illegal("Workflow \"" + workflow.name()
                    + "\" must be provided with the following parameters to execute: " + String.join(",", missing));
        }
        custom.forEach(name -> merged.put(name, given.get(name)));
        return merged;
    }

    /** Null: it satisfies them all. */
    private static @Nullable String violation(
            String name, Map<String, Object> declaration, @Nullable Object value, NamedThings things) {
        List<DeclaredConstraint> constraints = DeclaredConstraint.of(declaration);
        String type = declaration.get("type") instanceof String text ? text : null;
        if (constraints.isEmpty() && !DeclaredConstraint.isNamed(type)) {
            return null;
        }
        if (!"list".equals(type) || !(declaration.get("item_type") instanceof String itemType)) {
            return violation(name, type, constraints, value, things);
        }
        if (value instanceof List<?> items) {
            for (Object item : items) {
                String violation = violation(name, itemType, constraints, item, things);
                if (violation != null) {
                    return violation;
                }
            }
        }
        return null;
    }

    private static @Nullable String violation(
            String name,
            @Nullable String type,
            List<DeclaredConstraint> constraints,
            @Nullable Object value,
            NamedThings things) {
        if (!constraints.isEmpty() && IntrinsicFunctions.isFunction(value)) {
            return "Input value " + PythonText.str(value) + ", of input " + name
                    + ", cannot contain an intrinsic function and also have constraints.";
        }
        String unknown = DeclaredConstraint.unknown(name, type, constraints, value, things, true);
        if (unknown != null) {
            return unknown;
        }
        for (DeclaredConstraint constraint : constraints) {
            try {
                if (!constraint.isSearch(type) && !constraint.holds(value)) {
                    String message = constraint.errorMessage();
                    return "Value " + PythonText.str(value) + " of input " + name
                            + (message == null || message.isEmpty()
                                    ? " violates constraint " + constraint + "."
                                    : " is invalid. " + message);
                }
            } catch (ValueConstraint.Incomparable e) {
                return e.text();
            }
        }
        return DeclaredConstraint.unmatched(name, type, constraints, value, things);
    }

    private static String typeOf(Map<String, Object> declaration) {
        Object items = declaration.get("item_type");
        return declaration.get("type") + (items == null ? "" : " of " + items + "s");
    }

    /** Null: it is not of that type. */
    private static @Nullable Object converted(
            @Nullable Object declaredType, @Nullable Object itemType, @Nullable Object value) {
        if (!(declaredType instanceof String type) || value == null) {
            return value;
        }
        return switch (type) {
            case "integer" -> integer(value);
            case "float" -> real(value);
            case "boolean" -> bool(value);
            case "string" -> value instanceof String ? value : null;
            case "list" -> value instanceof List<?> items ? list(itemType, items) : null;
            case "dict" -> value instanceof Map ? value : null;
            default -> value;
        };
    }

    private static @Nullable Object list(@Nullable Object itemType, List<?> items) {
        List<@Nullable Object> converted = new ArrayList<>();
        for (Object item : items) {
            Object value = converted(itemType, null, item);
            if (value == null && item != null) {
                return null;
            }
            converted.add(value);
        }
        return converted;
    }

    private static @Nullable Object integer(Object value) {
        if (value instanceof Integer || value instanceof Long || value instanceof java.math.BigInteger) {
            return value;
        }
        if (value instanceof String text && text.strip().matches("[+-]?\\d{1,18}")) {
            return Long.valueOf(text.strip().replaceFirst("^\\+", ""));
        }
        return null;
    }

    private static @Nullable Object real(Object value) {
        if (value instanceof Number) {
            return value;
        }
        if (value instanceof String text) {
            try {
                return Double.valueOf(text.strip());
            } catch (NumberFormatException e) {
                return null;
            }
        }
        return null;
    }

    private static @Nullable Object bool(Object value) {
        if (value instanceof Boolean) {
            return value;
        }
        if ("true".equalsIgnoreCase(String.valueOf(value))) {
            return Boolean.TRUE;
        }
        return "false".equalsIgnoreCase(String.valueOf(value)) ? Boolean.FALSE : null;
    }

    private static ManagerException illegal(String detail) {
        return new ManagerException(ErrorCode.ILLEGAL_EXECUTION_PARAMETERS, detail, null);
    }
}
