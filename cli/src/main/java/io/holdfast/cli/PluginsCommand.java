package io.holdfast.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast plugins …}: the verbs and flags of the manager's own command line. */
@Command(name = "plugins", description = "Upload, download and delete plugins.", synopsisSubcommandLabel = "VERB")
final class PluginsCommand {

    private static final List<String> COLUMNS = List.of(
            "id",
            "title",
            "package_name",
            "package_version",
            "supported_platform",
            "distribution",
            "uploaded_at",
            "visibility",
            "tenant_name",
            "created_by");

    private static final String PLUGINS = "/api/v3.1/plugins";

    @ParentCommand
    Cli cli;

    @Command(
            name = "upload",
            description = "Upload a plugin: a wagon with its yaml files, or a zip of them, or a URL of one.")
    int upload(
            @Parameters(paramLabel = "PLUGIN_PATH", description = "File, or http(s) URL that the manager can reach.")
                    String path,
            @Option(
                            names = {"-y", "--yaml-path"},
                            paramLabel = "FILE",
                            description = "The plugin's yaml file, put beside the wagon; repeat for more.")
                    @Nullable
                    List<Path> yamls,
            @Option(names = "--title", paramLabel = "TEXT", description = "Default: the package's name.") @Nullable
                    String title,
            @Mixin VisibilityOption visibility)
            throws IOException {
        Client client = cli.client();
        String query = "?visibility=" + Client.segment(visibility.orTenant())
                + (title == null ? "" : "&title=" + Client.segment(title));
        if (GivenFile.url(path) != null) {
            if (yamls != null) {
                throw new CliFailure(ExitCode.USAGE, "--yaml-path goes with a file, not with a URL");
            }
            cli.print(
                    client.send("POST", PLUGINS + query + "&plugin_archive_url=" + Client.segment(path), null),
                    COLUMNS);
            return ExitCode.OK;
        }
        Path wagon = GivenFile.existing(Path.of(path));
        Path packed = yamls == null ? null : packed(wagon, yamls);
        try {
            Path file = packed == null ? wagon : packed;
            cli.print(
                    client.upload(
                            "POST",
                            PLUGINS + query,
                            file,
                            cli.progress(String.valueOf(wagon.getFileName()), Files.size(file))),
                    COLUMNS);
            return ExitCode.OK;
        } finally {
            if (packed != null) {
                Files.deleteIfExists(packed);
            }
        }
    }

    private static Path packed(Path wagon, List<Path> yamls) throws IOException {
        Set<Path> files = new LinkedHashSet<>(List.of(wagon));
        yamls.forEach(yaml -> files.add(GivenFile.existing(yaml)));
        Path packed = Files.createTempFile("holdfast-plugin-", ".zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(packed))) {
            for (Path file : files) {
                zip.putNextEntry(new ZipEntry(String.valueOf(file.getFileName())));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
        return packed;
    }

    @Command(name = "list", description = "List plugins.")
    int list(@Mixin ListOptions options) {
        return ListCommands.list(cli, "plugins", COLUMNS, "uploaded_at", options, "");
    }

    @Command(name = "get", description = "Show a plugin.")
    int get(@Parameters(paramLabel = "PLUGIN_ID") String id) {
        cli.print(cli.client().get(path(id)), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "download", description = "Download a plugin's wagon, or the whole archive.")
    int download(
            @Parameters(paramLabel = "PLUGIN_ID") String id,
            @Option(
                            names = {"-o", "--output-path"},
                            paramLabel = "FILE",
                            description = "Where to (default: PLUGIN_ID.wgn or PLUGIN_ID.zip here).")
                    @Nullable
                    Path output,
            @Option(names = "--full", description = "The archive as it was uploaded, with its yaml files.")
                    boolean full) {
        Path target = output == null ? Path.of(id + (full ? ".zip" : ".wgn")) : output;
        long bytes = cli.client()
                .download(
                        path(id) + "/archive" + (full ? "?full_archive=true" : ""),
                        target.toAbsolutePath(),
                        cli.progress(id, -1));
        cli.downloaded(target, bytes);
        return ExitCode.OK;
    }

    @Command(name = "set-visibility", description = "Let more see a plugin.")
    int setVisibility(@Parameters(paramLabel = "PLUGIN_ID") String id, @Mixin NewVisibilityOption visibility) {
        return visibility.set(cli, path(id), COLUMNS);
    }

    @Command(name = "delete", description = "Delete a plugin.")
    int delete(
            @Parameters(paramLabel = "PLUGIN_ID") String id,
            @Option(
                            names = {"-f", "--force"},
                            description = "Even if blueprints use it.")
                    boolean force) {
        cli.client().send("DELETE", path(id), Map.of("force", force));
        cli.say("Deleted plugin " + id);
        return ExitCode.OK;
    }

    private static String path(String id) {
        return PLUGINS + "/" + Client.segment(id);
    }
}
