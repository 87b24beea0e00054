package io.holdfast.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.holdfast.archive.ArchiveInspector;
import io.holdfast.archive.ArchiveSummary;
import io.holdfast.contracts.errors.ManagerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast snapshots …}: the verbs, argument order and flags of the manager's own command line. */
@Command(
        name = "snapshots",
        description = "Create, list, transfer and restore snapshots.",
        synopsisSubcommandLabel = "VERB")
final class SnapshotsCommand {

    static final List<String> COLUMNS =
            List.of("id", "created_at", "status", "error", "visibility", "tenant_name", "created_by");
    private static final int NOT_FOUND = 404;
    private static final String SNAPSHOTS = "/api/v3.1/snapshots/";

    @ParentCommand
    Cli cli;

    @Command(name = "create", description = "Create a snapshot of the whole manager.")
    int create(
            @Parameters(paramLabel = "SNAPSHOT_ID", arity = "0..1", description = "Default: snapshot- and the time.")
                    @Nullable
                    String id,
            @Option(names = "--include-credentials", hidden = true, description = "The default.")
                    boolean includeCredentials,
            @Option(names = "--exclude-credentials", description = "Leave out the keys of agents' hosts.")
                    boolean excludeCredentials,
            @Option(names = "--exclude-logs", description = "Leave out logs.") boolean excludeLogs,
            @Option(names = "--exclude-events", description = "Leave out events.") boolean excludeEvents,
            @Option(
                            names = "--legacy",
                            negatable = true,
                            hidden = true,
                            description = "Taken for compatibility; there is one format.")
                    boolean legacy,
            @Option(names = "--queue", description = "Wait for running executions instead of being refused.")
                    boolean queue,
            @Option(
                            names = "--tempdir-path",
                            paramLabel = "DIR",
                            description = "Taken for compatibility; snapshots need no temporary copy.")
                    @Nullable
                    String tempdirPath,
            @Option(
                            names = "--listener-timeout",
                            paramLabel = "SECONDS",
                            description = "Taken for compatibility; there is no listener to wait for.")
                    @Nullable
                    Double listenerTimeout,
            @Option(
                            names = {"--wait", "--wait-for-status"},
                            description = "Wait until the snapshot is created.")
                    boolean wait,
            @Option(
                            names = "--timeout",
                            converter = Numbers.Seconds.class,
                            defaultValue = "3600",
                            paramLabel = "SECONDS",
                            description = "How long --wait waits; 0 looks once (default: ${DEFAULT-VALUE}).")
                    Duration timeout) {
        Waiting waiting = new Waiting(cli, timeout);
        String snapshotId = id != null ? id : Cli.idOfNow("snapshot-");
        Client client = cli.client();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("include_credentials", includeCredentials || !excludeCredentials);
        body.put("include_logs", !excludeLogs);
        body.put("include_events", !excludeEvents);
        body.put("queue", queue);
        body.put("tempdir_path", tempdirPath);
        body.put("listener_timeout", listenerTimeout);
        Map<String, Object> execution = client.send("PUT", SNAPSHOTS + Client.segment(snapshotId), body);
        if (!wait) {
            cli.say("Creating snapshot " + snapshotId + "; execution " + execution.get("id"));
            if (cli.json) {
                cli.out().println(Json.pretty(execution));
            }
            return ExitCode.OK;
        }
        waiting.until(
                "snapshot " + snapshotId, () -> building(client, snapshotId), List.of("created"), List.of("failed"));
        cli.print(client.get(SNAPSHOTS + Client.segment(snapshotId)), COLUMNS);
        return ExitCode.OK;
    }

    /** A snapshot with how far it is, in the words that a restore has for that. */
    private static Map<String, Object> building(Client client, String snapshotId) {
        return withProgress(client.get("/api/holdfast/v1/snapshots/" + Client.segment(snapshotId)));
    }

    static Map<String, Object> withProgress(Map<String, Object> snapshot) {
        Map<String, Object> shown = new LinkedHashMap<>(snapshot);
        if ("creating".equals(snapshot.get("status")) && snapshot.get("progress") instanceof Map<?, ?> progress) {
            shown.put("phase", progress.get("phase"));
            shown.put("bytes_done", progress.get("bytes"));
            shown.put("bytes_expected", progress.get("estimated_bytes"));
        }
        return shown;
    }

    @Command(name = "list", description = "List snapshots.")
    int list(@Mixin ListOptions options) {
        return ListCommands.list(cli, "snapshots", COLUMNS, "created_at", options, "");
    }

    @Command(name = "get", description = "Show a snapshot.")
    int get(@Parameters(paramLabel = "SNAPSHOT_ID") String id) {
        cli.print(cli.client().get(SNAPSHOTS + Client.segment(id)), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "download", description = "Download a snapshot's archive.")
    int download(
            @Parameters(paramLabel = "SNAPSHOT_ID") String id,
            @Option(
                            names = {"-o", "--output-path"},
                            paramLabel = "PATH",
                            description = "File or directory (default: SNAPSHOT_ID.zip here).")
                    @Nullable
                    Path output) {
        Path target = Cli.downloadTarget(output, id + ".zip");
        long bytes = cli.client()
                .download(SNAPSHOTS + Client.segment(id) + "/archive", target.toAbsolutePath(), cli.progress(id, -1));
        cli.downloaded(target, bytes);
        return ExitCode.OK;
    }

    @Command(name = "upload", description = "Upload a snapshot's archive, from a file or a URL.")
    int upload(
            @Parameters(paramLabel = "SNAPSHOT_PATH", description = "File, or http(s) URL that the manager can reach.")
                    String path,
            @Option(
                            names = {"-s", "--snapshot-id"},
                            paramLabel = "ID",
                            description = "Default: the file's name.")
                    @Nullable
                    String id)
            throws IOException {
        Client client = cli.client();
        Map<String, Object> snapshot;
        if (GivenFile.url(path) != null) {
            String snapshotId = id != null ? id : nameOf(path);
            snapshot = client.send(
                    "PUT",
                    SNAPSHOTS + Client.segment(snapshotId) + "/archive?snapshot_archive_url=" + Client.segment(path),
                    null);
        } else {
            Path file = GivenFile.existing(Path.of(path));
            String snapshotId = id != null ? id : nameOf(path);
            refuseDuplicate(client, snapshotId);
            snapshot = client.upload(
                    SNAPSHOTS + Client.segment(snapshotId) + "/archive",
                    file,
                    cli.progress(snapshotId, Files.size(file)));
        }
        cli.print(snapshot, COLUMNS);
        return ExitCode.OK;
    }

    /** Asks before gigabytes travel: who may not, or would meet a duplicate, learns it at once. The server decides all the same. */
    private static void refuseDuplicate(Client client, String snapshotId) {
        if (!client.send("GET", SNAPSHOTS + Client.segment(snapshotId), null, NOT_FOUND)
                .isEmpty()) {
            throw new CliFailure(
                    ExitCode.CONFLICT, "there is a snapshot " + snapshotId + " already; choose another id with -s ID");
        }
    }

    /** The last part of a path without {@code .zip}. */
    static String nameOf(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\?.*", "");
        return name.endsWith(".zip") ? name.substring(0, name.length() - ".zip".length()) : name;
    }

    @Command(name = "restore", description = "Make a snapshot the manager's state: all of it, or nothing.")
    int restore(
            @Parameters(paramLabel = "SNAPSHOT_ID") String id,
            @Option(
                            names = {"-f", "--force"},
                            description =
                                    "Replace a manager that is not clean; the former state is kept for `restores undo`.")
                    boolean force,
            @Option(names = "--restore-certificates", description = "Restore certificates, where the archive has any.")
                    boolean certificates,
            @Option(names = "--no-reboot", description = "Only with --restore-certificates.") boolean noReboot,
            @Option(names = "--ignore-plugin-failure", description = "Go on when a plugin's archive cannot be read.")
                    boolean ignorePlugins,
            @Option(
                            names = "--recreate-deployments-envs",
                            hidden = true,
                            description = "Taken for compatibility: they always come back.")
                    boolean recreate,
            @Option(
                            names = "--hash-salt",
                            paramLabel = "SALT",
                            description = "The source manager's hash_salt, so that its users can log in.")
                    @Nullable
                    String hashSalt,
            @Option(names = "--plan", description = "Only show what it would do.") boolean plan,
            @Option(
                            names = "--accept-clock-skew",
                            description =
                                    "Restore although a clock is behind the snapshot or the manager's and the database's differ.")
                    boolean skew,
            @Option(names = "--wait", description = "Wait until it is done.") boolean wait,
            @Option(
                            names = "--timeout",
                            converter = Numbers.Seconds.class,
                            defaultValue = "3600",
                            paramLabel = "SECONDS",
                            description = "How long --wait waits; 0 looks once (default: ${DEFAULT-VALUE}).")
                    Duration timeout) {
        Waiting waiting = new Waiting(cli, timeout);
        Client client = cli.client();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("force", force);
        body.put("restore_certificates", certificates);
        body.put("no_reboot", noReboot);
        body.put("ignore_plugin_failure", ignorePlugins);
        body.put("recreate_deployments_envs", recreate);
        if (cli.tenant != null) {
            body.put("tenant_name", cli.tenant);
        }
        if (hashSalt != null) {
            body.put("hash_salt", hashSalt);
        }
        if (skew) {
            body.put("accept_clock_skew", true);
        }
        if (plan) {
            body.put("snapshot_id", id);
            return RestoresCommand.plan(cli, body);
        }
        Map<String, Object> answer = client.send("POST", SNAPSHOTS + Client.segment(id) + "/restore", body);
        String restoreId = String.valueOf(answer.get("id"));
        if (!wait) {
            cli.say("Restoring snapshot " + id + "; execution " + restoreId);
            if (cli.json) {
                cli.out().println(Json.pretty(answer));
            }
            return ExitCode.OK;
        }
        Map<String, Object> restore = waiting.until(
                "restore " + restoreId, () -> settled(client, restoreId), List.of("completed"), List.of("failed"));
        if (cli.json) {
            cli.out().println(Json.pretty(restore));
        } else {
            cli.out().println("Restored snapshot " + id);
            RestoresCommand.warnings(restore).forEach(warning -> cli.say("warning: " + warning));
            RestoresCommand.printDecisions(cli, restore);
        }
        return ExitCode.OK;
    }

    /** A restore's record; while maintenance mode is still on for it, not yet as ended: who waits wants to work afterwards. */
    private static Map<String, Object> settled(Client client, String restoreId) {
        boolean running =
                "running".equals(client.get("/api/v3.1/snapshot-status").get("status"));
        Map<String, Object> restore = client.get("/api/holdfast/v1/restores/" + Client.segment(restoreId));
        if (running && List.of("completed", "failed").contains(String.valueOf(restore.get("status")))) {
            restore = new LinkedHashMap<>(restore);
            restore.put("status", "leaving maintenance mode");
        }
        return restore;
    }

    @Command(name = "status", description = "Tell whether a restore runs.")
    int status() {
        Map<String, Object> status = cli.client().get("/api/v3.1/snapshot-status");
        if (cli.json) {
            cli.out().println(Json.pretty(status));
        } else {
            cli.out().println(status.get("message"));
        }
        return ExitCode.OK;
    }

    @Command(name = "delete", description = "Delete a snapshot and its archive.")
    int delete(@Parameters(paramLabel = "SNAPSHOT_ID") String id) {
        Map<String, Object> deleted = cli.client().send("DELETE", SNAPSHOTS + Client.segment(id), null);
        cli.say("Snapshot " + id + " deleted");
        if (cli.json) {
            cli.out().println(Json.pretty(deleted));
        }
        return ExitCode.OK;
    }

    @Command(name = "inspect", description = "Show what an archive holds. Needs no manager.")
    int inspect(@Parameters(paramLabel = "FILE") Path file) throws IOException {
        ArchiveSummary summary;
        try {
            summary = ArchiveInspector.inspect(GivenFile.existing(file));
        } catch (ManagerException e) {
            throw new CliFailure(ExitCode.REFUSED, e.detail() + (e.hint() == null ? "" : "\n" + e.hint()), e);
        }
        if (cli.json) {
            ObjectMapper mapper = new ObjectMapper().registerModule(new JavaTimeModule());
            mapper.configure(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, false);
            cli.out().println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(summary));
            return ExitCode.OK;
        }
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("layout", summary.layout());
        about.put("version", summary.version());
        about.put("created_at", summary.createdAt());
        about.put("tenants", String.join(", ", summary.tenants()));
        about.put("archive_bytes", summary.archiveBytes());
        about.put("raw_bytes", summary.rawBytes());
        about.put("entries", summary.entries());
        about.forEach((name, value) -> cli.out().printf("%-14s %s%n", name, Json.text(value)));
        Table contents = new Table(List.of("content", "count"));
        summary.contents().forEach((name, count) -> contents.row(Map.of("content", name, "count", count)));
        cli.out().print(contents);
        return ExitCode.OK;
    }
}
