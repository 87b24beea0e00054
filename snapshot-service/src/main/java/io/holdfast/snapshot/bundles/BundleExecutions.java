package io.holdfast.snapshot.bundles;

/** The executions as which bundles are shown. */
public interface BundleExecutions {

    /**
     * Tells the state of a bundle's execution; may be repeated.
     *
     * @param status an execution's
     * @return false if the scheduler could not be told
     */
    boolean report(LogBundle bundle, String status);
}
