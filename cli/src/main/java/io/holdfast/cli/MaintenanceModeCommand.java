package io.holdfast.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast maintenance-mode …}. */
@Command(name = "maintenance-mode", description = "Turn maintenance mode on and off.", synopsisSubcommandLabel = "VERB")
final class MaintenanceModeCommand {

    private static final List<String> COLUMNS =
            List.of("status", "activated_at", "activation_requested_at", "remaining_executions", "requested_by");
    private static final int NOT_MODIFIED = 304;

    @ParentCommand
    Cli cli;

    @Command(name = "status", description = "Show the mode.")
    int status() {
        cli.print(cli.client().get("/api/v3.1/maintenance"), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "activate", description = "Refuse new work; what runs may end.")
    int activate(
            @Option(names = "--wait", description = "Wait until nothing runs any more.") boolean wait,
            @Option(
                            names = "--timeout",
                            converter = Numbers.Seconds.class,
                            defaultValue = "3600",
                            paramLabel = "SECONDS",
                            description = "How long --wait waits; 0 looks once (default: ${DEFAULT-VALUE}).")
                    Duration timeout) {
        Waiting waiting = new Waiting(cli, timeout);
        Client client = cli.client();
        Map<String, Object> state = client.send("POST", "/api/v3.1/maintenance/activate", null, NOT_MODIFIED);
        if (state.isEmpty()) {
            throw new CliFailure(ExitCode.FAILED, "Maintenance mode is already on.");
        }
        if (wait) {
            state = waiting.until(
                    "maintenance mode",
                    () -> client.get("/api/v3.1/maintenance"),
                    List.of("activated"),
                    List.of("deactivated"));
        }
        cli.print(state, COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "deactivate", description = "Take new work again.")
    int deactivate() {
        Map<String, Object> state = cli.client().send("POST", "/api/v3.1/maintenance/deactivate", null, NOT_MODIFIED);
        if (state.isEmpty()) {
            throw new CliFailure(ExitCode.FAILED, "Maintenance mode is already off.");
        }
        cli.print(state, COLUMNS);
        return ExitCode.OK;
    }
}
