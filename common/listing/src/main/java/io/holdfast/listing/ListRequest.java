package io.holdfast.listing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A list's or a get's query parameters (cloudify-api section 1.6), read but not yet held against an entity.
 *
 * @param size page size
 * @param offset rows to skip
 * @param sort as sent, in order of precedence: {@code [+|-]field} or {@code [+|-]label:KEY}
 * @param include wanted fields in the order asked for; empty: all
 * @param allResults no paging
 * @param allTenants rows of every tenant that the caller may see, not only of the request's
 * @param getData expanded data is wanted
 * @param filters equality filters by field; several values are alternatives
 * @param special every parameter that begins with an underscore, as sent
 */
public record ListRequest(
        int size,
        long offset,
        List<String> sort,
        Set<String> include,
        boolean allResults,
        boolean allTenants,
        boolean getData,
        Map<String, List<String>> filters,
        Map<String, List<String>> special) {

    /** The API's own default page size. */
    public static final int DEFAULT_SIZE = 1000;

    public ListRequest {
        sort = List.copyOf(sort);
        include = Collections.unmodifiableSet(new LinkedHashSet<>(include));
        filters = Collections.unmodifiableMap(new LinkedHashMap<>(filters));
        special = Collections.unmodifiableMap(new LinkedHashMap<>(special));
    }

    /** Everything, one page. */
    public static ListRequest all() {
        return parse(Map.of());
    }

    /** @param parameters decoded query parameters; a JAX-RS {@code MultivaluedMap} will do */
    public static ListRequest parse(Map<String, List<String>> parameters) {
        return parse(parameters, DEFAULT_SIZE, Set.of());
    }

    /**
     * @param ignored parameters without an underscore that are no filters but the resource's own
     * @throws ManagerException {@code bad_parameters_error} with the API's own texts
     */
    public static ListRequest parse(Map<String, List<String>> parameters, int defaultSize, Set<String> ignored) {
        List<String> errors = new ArrayList<>();
        long size = number(parameters, "_size", defaultSize, errors);
        long offset = number(parameters, "_offset", 0, errors);
        if (!errors.isEmpty()) {
            throw invalid("Pagination", errors);
        }
        Set<String> include = new LinkedHashSet<>();
        for (String value : parameters.getOrDefault("_include", List.of())) {
            for (String name : value.split(",")) {
                if (!name.isBlank()) {
                    include.add(name.strip());
                }
            }
        }
        Map<String, List<String>> filters = new LinkedHashMap<>();
        Map<String, List<String>> special = new LinkedHashMap<>();
        parameters.forEach((name, values) -> {
            if (name.startsWith("_")) {
                special.put(name, List.copyOf(values));
            } else if (!ignored.contains(name)) {
                filters.put(name, List.copyOf(values));
            }
        });
        return new ListRequest(
                (int) Math.min(size, Integer.MAX_VALUE),
                offset,
                parameters.getOrDefault("_sort", List.of()).stream()
                        .filter(key -> !key.isBlank())
                        .toList(),
                include,
                flag(parameters, "_get_all_results", false),
                flag(parameters, "_all_tenants", "all_tenants", false),
                flag(parameters, "_get_data", "get_data", false),
                filters,
                special);
    }

    /** For a single get: the projection and the flags, no filters. */
    public static ListRequest parseGet(Map<String, List<String>> parameters) {
        ListRequest request = parse(parameters);
        return new ListRequest(
                request.size,
                request.offset,
                List.of(),
                request.include,
                false,
                request.allTenants,
                request.getData,
                Map.of(),
                request.special);
    }

    /** Whether the answer shows this field, as far as the request says. */
    public boolean wants(String field) {
        return include.isEmpty() || include.contains(field);
    }

    /**
     * For answers that no {@link Lister} makes.
     *
     * @param answer all that it can show; it keeps what is wanted of it
     * @throws ManagerException {@code no_such_include_field_error} if something else is wanted
     */
    public ObjectNode only(ObjectNode answer) {
        List<String> fields = new ArrayList<>();
        answer.fieldNames().forEachRemaining(fields::add);
        requireFields(include, fields);
        return include.isEmpty() ? answer : answer.retain(include);
    }

    /**
     * For lists that no {@link Lister} makes, before their first item.
     *
     * @param fields of an item, in the order in which the refusal lists them
     * @throws ManagerException {@code no_such_include_field_error} if another one is wanted
     */
    public void requireIncluded(List<String> fields) {
        requireFields(include, fields);
    }

    static void requireFields(Set<String> include, List<String> fields) {
        List<String> unknown =
                include.stream().filter(name -> !fields.contains(name)).toList();
        if (!unknown.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.NO_SUCH_INCLUDE_FIELD,
                    "Include keys '" + Sql.list(unknown) + "' do not exist. Allowed keys are: " + Sql.list(fields),
                    null);
        }
    }

    /** The first value of an underscore parameter; empty text counts as absent. */
    public Optional<String> special(String name) {
        return special.getOrDefault(name, List.of()).stream()
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /** A boolean underscore parameter. */
    public boolean special(String name, boolean otherwise) {
        return flag(special, name, otherwise);
    }

    /** The same without filters of this name: for resources that give one a meaning of their own. */
    public ListRequest withoutFilter(String name) {
        Map<String, List<String>> fewer = new LinkedHashMap<>(filters);
        fewer.remove(name);
        return new ListRequest(size, offset, sort, include, allResults, allTenants, getData, fewer, special);
    }

    /** The same, with a field that it may not have named among those that it wants. */
    public ListRequest alsoWanting(String field) {
        Set<String> more = new LinkedHashSet<>(include);
        if (!more.isEmpty()) {
            more.add(field);
        }
        return new ListRequest(size, offset, sort, more, allResults, allTenants, getData, filters, special);
    }

    /** The same with a filter more, or another one of this name. */
    public ListRequest withFilter(String name, List<String> values) {
        Map<String, List<String>> more = new LinkedHashMap<>(filters);
        more.put(name, List.copyOf(values));
        return new ListRequest(size, offset, sort, include, allResults, allTenants, getData, more, special);
    }

    /** The same without an underscore parameter: for resources that give one a meaning of their own. */
    public ListRequest withoutSpecial(String name) {
        Map<String, List<String>> fewer = new LinkedHashMap<>(special);
        fewer.remove(name);
        return new ListRequest(size, offset, sort, include, allResults, allTenants, getData, filters, fewer);
    }

    /** The same with these fields only. */
    public ListRequest including(String... names) {
        return new ListRequest(
                size,
                offset,
                sort,
                new LinkedHashSet<>(List.of(names)),
                allResults,
                allTenants,
                getData,
                filters,
                special);
    }

    /** The same, showing all tenants. */
    public ListRequest overAllTenants() {
        return new ListRequest(size, offset, sort, include, allResults, true, getData, filters, special);
    }

    /** Reads {@code true} or {@code false} in any case; anything else is refused with the API's own text. */
    public static boolean flag(Map<String, List<String>> parameters, String name, boolean otherwise) {
        return flag(parameters, name, name, otherwise);
    }

    /** @param calls what the API calls the parameter when it refuses a value */
    private static boolean flag(Map<String, List<String>> parameters, String name, String calls, boolean otherwise) {
        @Nullable
        String value =
                parameters.getOrDefault(name, List.of()).stream().findFirst().orElse(null);
        if (value == null || value.isEmpty()) {
            return otherwise;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw bad(calls + " must be <true/false>, got " + value);
        };
    }

    private static long number(Map<String, List<String>> parameters, String name, long otherwise, List<String> errors) {
        @Nullable
        String value =
                parameters.getOrDefault(name, List.of()).stream().findFirst().orElse(null);
        if (value == null || value.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value.strip());
            if (number < 0) {
                errors.add(name + "\n  ensure this value is greater than or equal to 0"
                        + " (type=value_error.number.not_ge; limit_value=0)");
            }
            return number;
        } catch (NumberFormatException e) {
            errors.add(name + "\n  value is not a valid integer (type=type_error.integer)");
            return otherwise;
        }
    }

    /**
     * The refusal of a request that the API reads with a model: it tells of all that is wrong at once.
     *
     * @param model its name, which clients see
     * @param errors at least one: the field, and in a line of its own what is wrong with it
     */
    public static ManagerException invalid(String model, List<String> errors) {
        return bad(errors.size() + (errors.size() == 1 ? " validation error" : " validation errors") + " for " + model
                + "\n" + String.join("\n", errors));
    }

    static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
