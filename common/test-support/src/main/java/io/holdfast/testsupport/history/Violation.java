package io.holdfast.testsupport.history;

/**
 * Something that must not have happened.
 *
 * @param rule which rule it breaks
 * @param found what was found, with values and times
 */
public record Violation(Rule rule, String found) {

    public enum Rule {
        /** A write that a client was told to be safe is not in the final state. */
        ACKNOWLEDGED_WRITE_LOST,
        /** A value is there that nobody wrote, or more often than it was written. */
        VALUE_FROM_NOWHERE,
        /** The salvage holds a row more than once. */
        SALVAGED_TWICE,
        /** A write was acknowledged in an epoch after a later epoch had acknowledged one. */
        EPOCH_GOES_BACK,
        /** Two nodes acknowledged in one epoch. */
        TWO_NODES_IN_ONE_EPOCH,
        /** What a client saw of a list is not how the list began. */
        NOT_A_PREFIX,
        /** A client saw less than what had been seen before it asked. */
        OUT_OF_REAL_TIME_ORDER
    }

    @Override
    public String toString() {
        return rule + ": " + found;
    }
}
