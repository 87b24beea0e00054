package io.holdfast.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;

/** {@code holdfast cluster …}: asks an agent, whichever; what only the active node can do is handed on there. */
@Command(
        name = "cluster",
        description = "Look at a cluster of managers and operate it.",
        synopsisSubcommandLabel = "VERB",
        subcommands = ClusterCommand.SalvageCommand.class)
final class ClusterCommand {

    private static final List<String> MEMBERS =
            List.of("member", "host", "role", "state", "timeline", "lsn", "lag", "in sync");
    private static final List<String> HISTORY = List.of("at", "epoch", "what", "detail");

    @ParentCommand
    Cli cli;

    @Option(
            names = "--agent",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "The agent to ask, any node's, for example http://10.0.0.5:7401.")
    @Nullable
    String agent;

    @Option(
            names = "--key-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "The cluster's key, for what changes something; on a node it is found.")
    @Nullable
    Path keyFile;

    AgentClient agent() {
        return cli.agent(agent, keyFile);
    }

    @Command(
            name = "status",
            description =
                    "Show the cluster's state and its members. Exit code 10 if it is degraded or has no active node,"
                            + " 11 for a split brain.")
    int status() {
        Map<String, Object> status = agent().get("/cluster/status");
        if (cli.json) {
            cli.out().println(Json.pretty(status));
        } else {
            Map<String, Object> quorum = Json.object(status.get("quorum"));
            cli.out()
                    .println("Cluster " + status.get("cluster") + ": " + status.get("state") + ", epoch "
                            + status.get("epoch") + ", active "
                            + (status.get("active") == null ? "none" : status.get("active")));
            if (status.get("why") instanceof List<?> why) {
                why.forEach(reason -> cli.out().println("- " + reason));
            }
            cli.out().print(table(status));
            cli.out()
                    .println("Voters: " + quorum.get("reachable") + " of " + quorum.get("voters") + " answer, "
                            + quorum.get("needed") + " are needed"
                            + (Boolean.TRUE.equals(status.get("paused")) ? "; elections are paused" : ""));
        }
        return exitCode(String.valueOf(status.get("state")));
    }

    static int exitCode(String state) {
        return switch (state) {
            case "healthy", "paused" -> ExitCode.OK;
            case "split_brain" -> ExitCode.SPLIT_BRAIN;
            default -> ExitCode.DEGRADED;
        };
    }

    @Command(name = "list", description = "List the members.")
    int list() {
        Map<String, Object> status = agent().get("/cluster/status");
        if (cli.json) {
            cli.out().println(Json.pretty(Json.objects(status.get("members"))));
        } else {
            cli.out().print(table(status));
        }
        return ExitCode.OK;
    }

    private static Table table(Map<String, Object> status) {
        Table table = new Table(MEMBERS);
        for (Map<String, Object> member : Json.objects(status.get("members"))) {
            Map<String, Object> row = new LinkedHashMap<>();
            boolean witness = "WITNESS".equals(member.get("kind"));
            row.put("member", member.get("id"));
            row.put("host", member.get("host"));
            row.put(
                    "role",
                    member.get("role") == null
                            ? ""
                            : Boolean.TRUE.equals(member.get("voting"))
                                    ? member.get("role")
                                    : member.get("role") + " (no vote)");
            row.put(
                    "state",
                    Boolean.FALSE.equals(member.get("heard")) && member.get("role") != null
                            ? member.get("state") + ", not heard"
                            : member.get("state"));
            row.put("timeline", member.get("timeline"));
            row.put("lsn", member.get("lsn"));
            row.put("lag", member.get("lag_bytes"));
            row.put("in sync", witness ? "" : Boolean.TRUE.equals(member.get("in_sync")) ? "yes" : "no");
            table.row(row);
        }
        return table;
    }

    @Command(name = "history", description = "Show what happened to the cluster, as the asked node saw it.")
    int history(
            @Option(
                            names = "--last",
                            converter = Numbers.Count.class,
                            defaultValue = "40",
                            paramLabel = "N",
                            description = "Only the last N facts; 0 for all that are kept.")
                    int last) {
        List<Map<String, Object>> items =
                Json.objects(agent().get("/cluster/history").get("items"));
        if (last > 0 && items.size() > last) {
            items = new ArrayList<>(items.subList(items.size() - last, items.size()));
        }
        cli.print(items, HISTORY);
        return ExitCode.OK;
    }

    @Command(name = "explain", description = "Say in words why the cluster is in its state, and what to do.")
    int explain() {
        Map<String, Object> explained = agent().get("/cluster/explain");
        if (cli.json) {
            cli.out().println(Json.pretty(explained));
        } else if (explained.get("sentences") instanceof List<?> sentences) {
            sentences.forEach(sentence -> cli.out().println(sentence));
        }
        return ExitCode.OK;
    }

    @Command(
            name = "switchover",
            description = "Hand over to a standby, without loss. Refused if it has not all that was acknowledged.")
    int switchover(
            @Option(
                            names = {"--target", "--candidate"},
                            paramLabel = "NODE",
                            description = "Who becomes active (default: the best of those in sync).")
                    @Nullable
                    String target) {
        return moved(agent().post("/cluster/switchover", target == null ? Map.of() : Map.of("target", target)));
    }

    @Command(
            name = "failover",
            description =
                    "Make a node stand for election, also in a pause; loses nothing and needs a majority. With --force"
                            + " without a majority.")
    int failover(
            @Option(
                            names = {"--target", "--candidate"},
                            paramLabel = "NODE",
                            description = "Who becomes active (default: the asked node).")
                    @Nullable
                    String target,
            @Option(
                            names = "--force",
                            description = "Without a majority: what only the lost nodes have is not there any more, and"
                                    + " salvaged when they return.")
                    boolean force,
            @Option(
                            names = "--i-know-the-other-is-dead",
                            description =
                                    "With --force: the other nodes are down or cut off. If not, both sides serve.")
                    boolean dead) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("target", target);
        body.put("force", force);
        body.put("i_know_the_other_is_dead", dead);
        return moved(agent().post("/cluster/failover", body));
    }

    private int moved(Map<String, Object> view) {
        if (cli.json) {
            cli.out().println(Json.pretty(view));
        } else {
            cli.out()
                    .println(view.get("active") + " is active, epoch " + view.get("epoch") + " (after "
                            + view.get("took_ms") + " ms)");
        }
        return ExitCode.OK;
    }

    @Command(name = "pause", description = "Maintenance: no elections by themselves until resume.")
    int pause() {
        return said(
                agent().post("/cluster/pause", Map.of()),
                "Elections are paused: if the active node fails, nothing takes over");
    }

    @Command(name = "resume", description = "Elections happen by themselves again.")
    int resume() {
        return said(agent().post("/cluster/resume", Map.of()), "Elections happen by themselves");
    }

    @Command(
            name = "join",
            description =
                    "Take a node in: it is copied from the active node, streams, then votes. Ask the new node, or name"
                            + " it.")
    int join(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "NODE",
                            description = "ID@HOST:PEERPORT:HTTPPORT:POSTGRESPORT:MANAGERPORT (default: the asked node"
                                    + " itself).")
                    @Nullable
                    String node) {
        Map<String, Object> answer = agent().post("/cluster/join", node == null ? Map.of() : Map.of("node", node));
        return said(answer, answer.get("node") + " is " + answer.get("state"));
    }

    @Command(name = "leave", description = "Dismiss a node, for example one that is gone for good.")
    int leave(@Parameters(paramLabel = "NODE", description = "Its id.") String node) {
        Map<String, Object> answer = agent().post("/cluster/leave", Map.of("node", node));
        return said(answer, answer.get("node") + " is " + answer.get("state"));
    }

    @Command(name = "reinit", description = "Copy a node's database anew from the active node.")
    int reinit(@Parameters(paramLabel = "NODE", description = "Its id.") String node) {
        Map<String, Object> answer = agent().post("/cluster/reinit", Map.of("node", node));
        return said(answer, answer.get("node") + " is " + answer.get("state"));
    }

    private int said(Map<String, Object> answer, String text) {
        if (cli.json) {
            cli.out().println(Json.pretty(answer));
        } else {
            cli.out().println(text);
        }
        return ExitCode.OK;
    }

    /** {@code holdfast cluster salvage …}: what a node had that the cluster had not, when it came back. */
    @Command(
            name = "salvage",
            description = "What a node had alone when it came back: list, show, apply, export, discard.",
            synopsisSubcommandLabel = "VERB")
    static final class SalvageCommand {

        private static final List<String> COLUMNS =
                List.of("id", "node", "epoch", "divergence", "state", "changes", "open", "at");
        private static final List<String> CHANGES = List.of("ordinal", "table", "kind", "state", "reason", "after");

        @ParentCommand
        ClusterCommand cluster;

        @Command(name = "list", description = "List what was salvaged.")
        int list() {
            cluster.cli.print(
                    Json.objects(cluster.agent().getSigned("/cluster/salvage").get("items")), COLUMNS);
            return ExitCode.OK;
        }

        @Command(name = "show", description = "Show each change, and whether it conflicts with what the cluster has.")
        int show(
                @Parameters(paramLabel = "ID") long id,
                @Option(
                                names = "--after",
                                converter = Numbers.Ordinal.class,
                                defaultValue = "0",
                                paramLabel = "ORDINAL",
                                description = "Only changes after this one; at most a thousand are shown at once.")
                        long after) {
            Map<String, Object> salvage = cluster.agent().getSigned("/cluster/salvage/" + id + "?after=" + after);
            if (cluster.cli.json) {
                cluster.cli.out().println(Json.pretty(salvage));
                return ExitCode.OK;
            }
            cluster.cli.print(Json.objects(salvage.get("items")), CHANGES);
            if (salvage.get("notes") instanceof List<?> notes) {
                notes.forEach(note -> cluster.cli.say("note: " + note));
            }
            return ExitCode.OK;
        }

        @Command(
                name = "apply",
                description = "Merge what conflicts with nothing, in one transaction; the rest stays to be decided.")
        int apply(
                @Parameters(paramLabel = "ID") long id,
                @Option(
                                names = "--scope",
                                defaultValue = "inserts",
                                paramLabel = "SCOPE",
                                description =
                                        "inserts, or untouched: also updates and deletes of rows that the cluster has"
                                                + " not touched since.")
                        String scope) {
            Map<String, Object> answer =
                    cluster.agent().post("/cluster/salvage/" + id + "/apply", Map.of("scope", scope));
            int exitCode = cluster.said(
                    answer,
                    answer.get("applied") + " changes merged, " + answer.get("present") + " were there, "
                            + answer.get("left") + " left");
            if (!cluster.cli.json && answer.get("left") instanceof Number left && left.longValue() > 0) {
                cluster.cli.print(Json.objects(answer.get("conflicts")), CHANGES);
                cluster.cli.say("keep what is left with: holdfast cluster salvage export " + id);
            }
            return exitCode;
        }

        @Command(
                name = "export",
                description = "Write all changes into a file to keep: JSON lines, the salvage first, then each change"
                        + " with its state, the row before and after.")
        int export(
                @Parameters(paramLabel = "ID") long id,
                @Option(
                                names = {"-o", "--output-path"},
                                paramLabel = "PATH",
                                description =
                                        "File or directory (default: salvage-ID.jsonl here). A file that exists is"
                                                + " not overwritten.")
                        @Nullable
                        Path output) {
            String name = "salvage-" + id + ".jsonl";
            Path target = Cli.downloadTarget(output, name);
            if (Files.exists(target)) {
                throw new CliFailure(
                        ExitCode.CONFLICT, target + " exists already; name another file with --output-path");
            }
            long changes = cluster.agent().downloadLines("/cluster/salvage/" + id + "/export", target.toAbsolutePath());
            return cluster.said(
                    Map.of("path", target.toString(), "changes", changes), changes + " changes written to " + target);
        }

        @Command(name = "discard", description = "Give up what is left; it stays readable.")
        int discard(@Parameters(paramLabel = "ID") long id) {
            Map<String, Object> answer = cluster.agent().post("/cluster/salvage/" + id + "/discard", Map.of());
            return cluster.said(answer, "Salvage " + answer.get("id") + " is " + answer.get("state"));
        }
    }
}
