package io.holdfast.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast status}: what the manager says of itself. */
@Command(name = "status", description = "Show the manager's services and maintenance mode.")
final class StatusCommand implements Callable<Integer> {

    @ParentCommand
    Cli cli;

    @Override
    public Integer call() {
        Client client = cli.client();
        Map<String, Object> status = client.get("/api/v3.1/status");
        Map<String, Object> maintenance = client.get("/api/v3.1/maintenance");
        if (cli.json) {
            Map<String, Object> both = new LinkedHashMap<>(status);
            both.put("maintenance", maintenance.get("status"));
            cli.out().println(Json.pretty(both));
        } else {
            cli.out().println("Manager at " + client.baseUrl() + ": " + status.get("status"));
            Table table = new Table(List.of("service", "status"));
            Json.object(status.get("services"))
                    .forEach((name, service) -> table.row(Map.of(
                            "service",
                            name,
                            "status",
                            String.valueOf(Json.object(service).get("status")))));
            cli.out().print(table);
            cli.out().println("Maintenance mode: " + maintenance.get("status"));
        }
        return "OK".equals(status.get("status")) ? ExitCode.OK : ExitCode.FAILED;
    }
}
