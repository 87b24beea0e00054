package io.holdfast.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * How options and arguments read numbers, and the one way in which they refuse what is none: what was given and what is expected. Bounds
 * that the manager knows are the manager's to tell; here are only those of what is never sent.
 */
final class Numbers {

    private static final String WHOLE = "a whole number";

    private Numbers() {}

    /** For all numbers of a command that name no other converter. */
    static void register(CommandLine commandLine) {
        ITypeConverter<Integer> integer = text -> (int) within(text, Integer.MIN_VALUE, Integer.MAX_VALUE, WHOLE);
        ITypeConverter<Long> any = text -> within(text, Long.MIN_VALUE, Long.MAX_VALUE, WHOLE);
        commandLine.registerConverter(int.class, integer);
        commandLine.registerConverter(Integer.class, integer);
        commandLine.registerConverter(long.class, any);
        commandLine.registerConverter(Long.class, any);
        commandLine.registerConverter(Double.class, Numbers::fraction);
    }

    /** The refusal, or null if it is about something other than a number. */
    static @Nullable String refusal(ParameterException failure) {
        @Nullable ArgSpec of = failure.getArgSpec();
        if (of == null || !(failure.getCause() instanceof NotExpected expected)) {
            return null;
        }
        return refusal(
                of instanceof OptionSpec option ? option.longestName() : of.paramLabel(),
                failure.getValue(),
                expected.getMessage());
    }

    /** @param expected what would be taken */
    static String refusal(String name, String given, String expected) {
        return name + " is " + (given.isEmpty() ? "empty" : given) + ", expected " + expected;
    }

    static long within(String text, long least, long most, String expected) {
        if (!text.matches("[-+]?\\d+")) {
            throw new NotExpected(expected);
        }
        BigInteger number = new BigInteger(text);
        if (number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            // a bound that nothing but the type has is told only to those who go beyond it
            boolean tooFew = least == 0 && number.signum() < 0;
            throw new NotExpected(tooFew ? expected : WHOLE + " from " + least + " to " + most);
        }
        return number.longValueExact();
    }

    private static Double fraction(String text) {
        try {
            return new BigDecimal(text).doubleValue();
        } catch (NumberFormatException e) {
            throw new NotExpected("a number");
        }
    }

    /** How many, or after which: 0 or more. */
    static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) within(text, 0, Integer.MAX_VALUE, WHOLE + ", 0 or more");
        }
    }

    /** After which of many: 0 or more. */
    static final class Ordinal implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return within(text, 0, Long.MAX_VALUE, WHOLE + ", 0 or more");
        }
    }

    /** A time in seconds: 0 or more. */
    static final class Seconds implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Duration.ofSeconds(within(text, 0, Integer.MAX_VALUE, WHOLE + " of seconds, 0 or more"));
        }
    }

    /** The message says what is expected. */
    static final class NotExpected extends TypeConversionException {
        private static final long serialVersionUID = 1L;

        NotExpected(String expected) {
            super(expected);
        }
    }
}
