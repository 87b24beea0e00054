package io.holdfast.listing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ManagerException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many things there are by their fields {@code _target_field} and, within these, {@code _sub_field}.
 *
 * @param counted names the count in answers: {@code deployments}
 * @param allowed the entity's fields that may be asked for, in the order in which messages list them
 */
public record Summary(String counted, List<String> allowed) {

    private static final String TARGET = "_target_field";
    private static final String SUB = "_sub_field";

    public Summary {
        allowed = List.copyOf(allowed);
    }

    /**
     * @param target null: none is given, which is refused
     * @param sub null: none is given
     * @param allowed in the order in which the refusal lists them
     * @throws ManagerException {@code bad_parameters_error} with the API's own text
     */
    private static void check(@Nullable String target, @Nullable String sub, List<String> allowed) {
        List<String> errors = new ArrayList<>();
        if (target == null) {
            errors.add(TARGET + "\n  field required (type=value_error.missing)");
        } else if (!allowed.contains(target)) {
            errors.add(notAllowed(TARGET, target, allowed));
        }
        if (sub != null && !allowed.contains(sub)) {
            errors.add(notAllowed(SUB, sub, allowed));
        }
        if (!errors.isEmpty()) {
            throw ListRequest.invalid("SummaryRequest", errors);
        }
    }

    private static String notAllowed(String parameter, String name, List<String> allowed) {
        return parameter + "\n  Invalid summary field: " + name + ". Allowed values: " + String.join(", ", allowed)
                + " (type=value_error)";
    }

    List<Field> fields(Entity entity, ListRequest request) {
        Optional<String> target = request.special(TARGET);
        Optional<String> sub = request.special(SUB);
        check(target.orElse(null), sub.orElse(null), allowed);
        return Stream.of(target, sub)
                .flatMap(Optional::stream)
                .map(name -> Objects.requireNonNull(entity.field(name), name))
                .toList();
    }

    /**
     * @param groups how many values there are in it
     * @param state of all rows when it was made; null: not known
     * @param numbers the ids of the numbers of rows that there were then; empty: not known
     */
    record Answer(ObjectNode json, int groups, @Nullable String state, Set<Long> numbers) {}

    /**
     * @param row of the values in the order of the fields, the count, the number of all groups
     * @param weight of the groups
     * @param withState whether a column with the state of all rows comes next
     * @param withNumbers whether one with the ids of their numbers comes after that
     */
    Answer answer(
            List<Field> fields,
            ResultSet row,
            ListRequest request,
            Weight weight,
            boolean withState,
            boolean withNumbers)
            throws SQLException {
        Map<String, ObjectNode> byTarget = new LinkedHashMap<>();
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        long total = 0;
        int groups = 0;
        String state = null;
        Set<Long> numbers = Set.of();
        while (row.next()) {
            groups++;
            state = withState ? row.getString(fields.size() + 3) : null;
            if (withNumbers && groups == 1) {
                numbers = Set.of((Long[]) row.getArray(fields.size() + 4).getArray());
            }
            long count = row.getLong(fields.size() + 1);
            total = row.getLong(fields.size() + 2);
            ObjectNode item = byTarget.computeIfAbsent(String.valueOf(row.getString(1)), target -> items.addObject());
            put(item, fields.get(0), row.getString(1));
            item.put(counted, item.path(counted).asLong() + count);
            if (fields.size() > 1) {
                Field sub = fields.get(1);
                ObjectNode part = item.withArray("/by " + sub.name()).addObject();
                put(part, sub, row.getString(2));
                part.put(counted, count);
            }
            // An item is written anew with each of its parts; what is counted is one of each.
            weight.add(item);
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.set("items", items);
        answer.putObject("metadata")
                .putObject("pagination")
                .put("total", total)
                .put("size", request.size())
                .put("offset", request.offset());
        return new Answer(answer, groups, state, numbers);
    }

    private static void put(ObjectNode object, Field field, @Nullable String value) {
        if (value != null && field.type() == FieldType.INTEGER) {
            object.put(field.name(), Long.parseLong(value));
        } else {
            object.put(field.name(), value);
        }
    }
}
