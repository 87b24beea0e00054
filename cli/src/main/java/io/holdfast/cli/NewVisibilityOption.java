package io.holdfast.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Who else is to see a thing that is there. */
final class NewVisibilityOption {

    @Option(
            names = {"-l", "--visibility"},
            required = true,
            paramLabel = "LEVEL",
            description = "tenant or global.")
    String level;

    /** @param path the thing's */
    int set(Cli cli, String path, List<String> columns) {
        cli.print(cli.client().patch(path + "/set-visibility", Map.of("visibility", level)), columns);
        return ExitCode.OK;
    }
}
