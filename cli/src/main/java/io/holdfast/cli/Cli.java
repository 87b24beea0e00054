package io.holdfast.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of the verbs, with the options that every verb takes. Standard output carries data only; the rest goes to standard error. */
@Command(
        name = "holdfast",
        description = "Drives a manager over its REST API.",
        mixinStandardHelpOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SnapshotsCommand.class,
            RestoresCommand.class,
            LogBundlesCommand.class,
            MaintenanceModeCommand.class,
            ExecutionsCommand.class,
            LimitsCommand.class,
            SchedulesCommand.class,
            BlueprintsCommand.class,
            DeploymentsCommand.class,
            NodesCommand.class,
            NodeInstancesCommand.class,
            ListCommands.Events.class,
            TenantsCommand.class,
            UsersCommand.class,
            UserGroupsCommand.class,
            SecretsCommand.class,
            SitesCommand.class,
            PluginsCommand.class,
            AuditlogCommand.class,
            ProducersCommand.class,
            DeadLettersCommand.class,
            ClusterCommand.class,
            StatusCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong usage: a file that is not there, or a value that the manager does not take",
            "3:not found: the manager has no such thing",
            "4:refused by a check; nothing was changed",
            "5:something else stands in the way: a duplicate, what depends on it or uses it, a running operation,"
                    + " maintenance mode",
            "6:waiting took too long; the operation goes on",
            "7:not allowed: wrong credentials or missing permission",
            "8:the manager, or the agent, cannot be reached, or is not able to serve at the moment",
            "10:the cluster is degraded, or has no active node",
            "11:the cluster has two active nodes (split brain)"
        })
final class Cli {

    @Spec
    CommandSpec spec;

    @Option(
            names = "--url",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "The manager, for example http://10.0.0.5:8080.")
    @Nullable
    String url;

    @Option(
            names = {"-u", "--user"},
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "User name (default: admin).")
    @Nullable
    String user;

    @Option(
            names = "--password-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "File that holds the password; - reads standard input.")
    @Nullable
    Path passwordFile;

    @Option(
            names = {"-t", "--tenant-name"},
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "Tenant (default: default_tenant).")
    @Nullable
    String tenant;

    @Option(
            names = "--data",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "The local stack with this data directory (default: the one of ./holdfast up).")
    @Nullable
    Path data;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print JSON instead of tables.")
    boolean json;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Print data only, no progress and no remarks.")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Show causes of errors.")
    boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    boolean help;

    @Option(names = "--version", description = "Show the versions of this command and of the manager.")
    boolean version;

    private final Map<String, String> environment;

    Cli(Map<String, String> environment) {
        this.environment = environment;
    }

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode = run(args, System.getenv(), out, err);
        out.flush();
        System.exit(exitCode);
    }

    static int run(String[] args, Map<String, String> environment, PrintWriter out, PrintWriter err) {
        CommandLine commandLine = new CommandLine(new Cli(environment));
        commandLine.setOut(out);
        commandLine.setErr(err);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        Numbers.register(commandLine);
        CommandLine.IParameterExceptionHandler withUsage = commandLine.getParameterExceptionHandler();
        commandLine.setParameterExceptionHandler((failure, given) -> {
            @Nullable String refusal = Numbers.refusal(failure);
            if (refusal == null) {
                return withUsage.handleParseException(failure, given);
            }
            err.println("error: " + refusal);
            return ExitCode.USAGE;
        });
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command, parsed));
        commandLine.getCommandSpec().usageMessage().showDefaultValues(true);
        CommandLine root = commandLine;
        root.setExecutionStrategy(parsed -> {
            Cli cli = root.getCommand();
            if (cli.version) {
                return cli.printVersion();
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        return commandLine.execute(plainDashes(args, err));
    }

    private static int report(Exception failure, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (!(failure instanceof CliFailure)) {
            throw failure;
        }
        command.getErr().println("error: " + failure.getMessage());
        Cli root = (Cli) command.getCommandSpec().root().userObject();
        if (root.verbose && failure.getCause() != null) {
            failure.getCause().printStackTrace(command.getErr());
        }
        return ((CliFailure) failure).exitCode();
    }

    /** Long options copied from a document may begin with a typographic dash; they mean two hyphens. */
    static String[] plainDashes(String[] args, PrintWriter err) {
        List<String> plain = new ArrayList<>();
        for (String arg : args) {
            String changed = arg.replaceFirst("^[\u2012\u2013\u2014\u2015]{1,2}-?(?=[a-z])", "--");
            if (!changed.equals(arg)) {
                err.println("note: read " + arg + " as " + changed);
            }
            plain.add(changed);
        }
        return plain.toArray(String[]::new);
    }

    Client client() {
        return Target.client(new Target.Asked(url, user, passwordFile, tenant, data), environment);
    }

    /** @param url of an agent, or null; @param keyFile of the cluster's key, or null */
    AgentClient agent(@Nullable String agentUrl, @Nullable Path keyFile) {
        return ClusterTarget.agent(agentUrl, keyFile, data, environment);
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** A remark for people, on standard error. */
    void say(String text) {
        if (!quiet) {
            err().println(text);
        }
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Whether somebody watches a terminal, where a line may change. */
    boolean isInteractive() {
        return !quiet && !json && System.console() != null;
    }

    Progress progress(String label, long totalBytes) {
        return new Progress(err(), isInteractive(), label, totalBytes);
    }

    /** Where a download goes that was told a file, a directory or nothing. @param name of the file where none was told */
    static Path downloadTarget(@Nullable Path output, String name) {
        return output == null ? Path.of(name) : Files.isDirectory(output) ? output.resolve(name) : output;
    }

    /** An id for who gives none: the prefix and the time. */
    static String idOfNow(String prefix) {
        return prefix + ZonedDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
    }

    /** Tells what a download wrote. */
    void downloaded(Path target, long bytes) {
        say("Downloaded " + bytes + " bytes to " + target);
        if (json) {
            out().println(Json.pretty(Map.of("path", target.toString(), "bytes", bytes)));
        }
    }

    void print(List<Map<String, Object>> items, List<String> columns) {
        if (json) {
            out().println(Json.pretty(items));
            return;
        }
        Table table = new Table(columns);
        items.forEach(table::row);
        out().print(table);
    }

    void print(Map<String, Object> item, List<String> columns) {
        if (json) {
            out().println(Json.pretty(item));
            return;
        }
        out().print(new Table(columns).row(item));
    }

    private int printVersion() {
        String own = String.valueOf(Cli.class.getPackage().getImplementationVersion());
        out().println("holdfast " + own);
        try {
            Map<String, Object> manager = client().get("/api/version");
            out().println("manager API " + manager.get("version") + " (" + manager.get("edition") + ")");
        } catch (CliFailure e) {
            say("no manager asked: " + e.getMessage());
        }
        return ExitCode.OK;
    }
}
