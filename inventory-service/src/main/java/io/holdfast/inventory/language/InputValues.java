package io.holdfast.inventory.language;

import io.holdfast.contracts.language.PythonText;
import java.util.List;

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
        if (input.constraints().isEmpty()) {
            return;
        }
        if (Functions.isFunction(value)) {
            throw new Mismatch(
                    "Input value " + PythonText.str(value.toData()) + ", of input " + input.name()
                            + ", cannot contain an intrinsic function and also have constraints.",
                    value.mark());
        }
        List<YamlNode> values = input.itemType() != null && value instanceof YamlNode.Sequence sequence
                ? sequence.items()
                : List.of(value);
        for (Constraint constraint : input.constraints()) {
            for (YamlNode one : constraint.isJudgedHere() ? values : List.<YamlNode>of()) {
                if (!constraint.holds(one.toData())) {
                    throw new Mismatch(
                            "Value " + PythonText.str(one.toData()) + " of input " + input.name()
                                    + (constraint.errorMessage() == null
                                            ? " violates constraint " + constraint + "."
                                            : " is invalid. " + constraint.errorMessage()),
                            one.mark());
                }
            }
        }
    }
}
