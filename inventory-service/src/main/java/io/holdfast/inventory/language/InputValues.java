package io.holdfast.inventory.language;

import io.holdfast.contracts.language.DeclaredConstraint;
import io.holdfast.contracts.language.NamedThings;
import io.holdfast.contracts.language.PythonText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules that hold for values of inputs and workflow parameters beside their types. */
final class InputValues {

    private static final ValueTypes.Wording ITEM = new ValueTypes.Wording(
            "Undefined property {1} in value of input {0}.", "Value of input {0} is missing property {1}.");

    private InputValues() {}

    /** Each item of a list is of the input's {@code item_type}. */
    static void checkItems(Property input, YamlNode value, ValueTypes types) {
        if (input.itemType() == null || !(value instanceof YamlNode.Sequence sequence)) {
            return;
        }
        for (YamlNode item : sequence.items()) {
            types.complete(item, input.itemType(), null, ITEM, input.name(), List.of(), true);
        }
    }

    /** @throws Mismatch with the existing API's texts */
    static void checkConstraints(Property input, YamlNode value) {
        checkConstraints(input, value, null);
    }

    /**
     * As the other, and that the manager has what the value names.
     *
     * @param things null: it cannot be asked yet
     */
    static void checkConstraints(Property input, YamlNode value, @Nullable NamedThings things) {
        String type = input.itemType() != null && value instanceof YamlNode.Sequence ? input.itemType() : input.type();
        boolean named = things != null && DeclaredConstraint.isNamed(type);
        if (input.constraints().isEmpty() && !named) {
            return;
        }
        if (!input.constraints().isEmpty() && Functions.isFunction(value)) {
            throw new Mismatch(
                    "Input value " + PythonText.str(value.toData()) + ", of input " + input.name()
                            + ", cannot contain an intrinsic function and also have constraints.",
                    value.mark());
        }
        List<YamlNode> values = input.itemType() != null && value instanceof YamlNode.Sequence sequence
                ? sequence.items()
                : List.of(value);
        List<DeclaredConstraint> declared = declared(input.constraints());
        for (YamlNode one : values) {
            if (things != null) {
                refuse(DeclaredConstraint.unknown(input.name(), type, declared, one.toData(), things, false), one);
            }
            for (Constraint constraint : input.constraints()) {
                if (constraint.isJudgedHere() && !(named && constraint.isSearch(type))) {
                    judge(input, constraint, one);
                }
            }
            if (things != null) {
                refuse(DeclaredConstraint.unmatched(input.name(), type, declared, one.toData(), things), one);
            }
        }
    }

    private static void judge(Property input, Constraint constraint, YamlNode one) {
        if (!constraint.holds(one.toData())) {
            throw Mismatch.ofConstraint(
                    "Value " + PythonText.str(one.toData()) + " of input " + input.name()
                            + (constraint.errorMessage() == null
                                    ? " violates constraint " + constraint + "."
                                    : " is invalid. " + constraint.errorMessage()),
                    one.mark());
        }
    }

    private static List<DeclaredConstraint> declared(List<Constraint> constraints) {
        return constraints.stream().map(Constraint::declared).toList();
    }

    private static void refuse(@Nullable String reason, YamlNode value) {
        if (reason != null) {
            throw Mismatch.ofConstraint(reason, value.mark());
        }
    }
}
