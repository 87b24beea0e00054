package io.holdfast.benchmarks;

import java.util.List;

/** What stands behind options of a bench. Each method throws {@link IllegalArgumentException} with a text for whoever typed them. */
final class OptionValues {

    private OptionValues() {}

    /** @param index where the value of the option before it must stand */
    static String value(List<String> arguments, int index) {
        if (index >= arguments.size()) {
            throw new IllegalArgumentException(arguments.get(index - 1) + " needs a value");
        }
        return arguments.get(index);
    }

    static int integer(List<String> arguments, int index, int least) {
        return (int) number(arguments, index, least, Integer.MAX_VALUE);
    }

    static long number(List<String> arguments, int index, long least, long most) {
        String value = value(arguments, index);
        long number;
        try {
            number = Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    arguments.get(index - 1) + " takes a number, not " + value + "; see --help", e);
        }
        if (number < least) {
            throw new IllegalArgumentException(
                    arguments.get(index - 1) + " must be at least " + least + ", not " + value);
        }
        if (number > most) {
            throw new IllegalArgumentException(
                    arguments.get(index - 1) + " must be at most " + most + ", not " + value);
        }
        return number;
    }
}
