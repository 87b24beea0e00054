package io.holdfast.scheduler.executions;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Joins the parameters that a user gives with those that a workflow declares. Source: the Cloudify REST API v3.1. */
public final class WorkflowParameters {

    private WorkflowParameters() {}

    /**
     * Given values, converted to the declared types, and the declared defaults of the others.
     *
     * @throws ManagerException ILLEGAL_EXECUTION_PARAMETERS for undeclared ones (unless custom ones are allowed), missing required ones
     *     and values that are not of the declared type
     */
    public static Map<String, Object> merge(
            DeploymentFacts.Workflow workflow, Map<String, Object> given, boolean allowCustom) {
        Map<String, Object> merged = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        workflow.parameters().forEach((name, declaration) -> {
            if (given.containsKey(name)) {
                merged.put(name, converted(name, declaration.get("type"), given.get(name)));
            } else if (declaration.containsKey("default")) {
                merged.put(name, declaration.get("default"));
            } else if (!Boolean.FALSE.equals(declaration.get("required"))) {
                missing.add(name);
            }
        });
        if (!missing.isEmpty()) {
            throw illegal("Workflow \"" + workflow.name()
                    + "\" must be provided with the following parameters to execute: "
                    + String.join(",", new TreeSet<>(missing)));
        }
        TreeSet<String> custom = new TreeSet<>(given.keySet());
        custom.removeAll(workflow.parameters().keySet());
        if (!custom.isEmpty() && !allowCustom) {
            throw illegal("Workflow \"" + workflow.name() + "\" does not have the following parameters declared: "
                    + String.join(",", custom)
                    + ". Remove these parameters or use the flag for allowing custom parameters");
        }
        custom.forEach(name -> merged.put(name, given.get(name)));
        return merged;
    }

    private static @Nullable Object converted(String name, @Nullable Object declaredType, @Nullable Object value) {
        if (!(declaredType instanceof String type) || value == null) {
            return value;
        }
        Object converted = switch (type) {
            case "integer" -> integer(value);
            case "float" -> real(value);
            case "boolean" -> bool(value);
            case "string" -> value instanceof String ? value : null;
            case "list" -> value instanceof List ? value : null;
            case "dict" -> value instanceof Map ? value : null;
            default -> value;
        };
        if (converted == null) {
            throw illegal("Parameter \"" + name + "\" must be of type " + type);
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
