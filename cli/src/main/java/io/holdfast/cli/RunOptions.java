package io.holdfast.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a workflow is run, whether at once or by a schedule. */
final class RunOptions {

    @Option(
            names = {"-p", "--parameter"},
            paramLabel = "KEY=VALUE",
            description = "A parameter; repeat for more.")
    @Nullable
    Map<String, String> parameters;

    @Option(names = "--allow-custom-parameters", description = "Take parameters that the workflow does not declare.")
    boolean allowCustomParameters;

    @Option(
            names = {"-f", "--force"},
            description = "Start although others run on the deployment.")
    boolean force;

    @Option(names = "--dry-run", description = "Run no operations.")
    boolean dryRun;

    /** Empty where none was given. */
    Map<String, String> parameters() {
        return parameters == null ? Map.of() : parameters;
    }
}
