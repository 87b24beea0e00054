package io.holdfast.workflow.builtin;

/**
 * What an operation is mapped to.
 *
 * @param plugin the plugin that brings the function; empty where there is none
 * @param function such as {@code script_runner.tasks.run}; empty: there is nothing to do
 */
public record Operation(String plugin, String function) {

    static final Operation NOTHING = new Operation("", "");

    boolean isNothing() {
        return function.isEmpty();
    }
}
