package io.holdfast.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast blueprints …}: the verbs and flags of the manager's own command line. */
@Command(
        name = "blueprints",
        description = "Upload, check, download and delete blueprints, and save filters of them.",
        subcommands = FiltersCommand.OfBlueprints.class,
        synopsisSubcommandLabel = "VERB")
final class BlueprintsCommand {

    private static final List<String> COLUMNS = List.of(
            "id", "description", "main_file_name", "created_at", "state", "visibility", "tenant_name", "created_by");

    private static final String BLUEPRINTS = "/api/v3.1/blueprints";

    private static final String MAIN_FILE = "blueprint.yaml";

    @ParentCommand
    Cli cli;

    @Command(name = "upload", description = "Upload a blueprint.")
    int upload(
            @Parameters(
                            paramLabel = "BLUEPRINT_PATH",
                            description =
                                    "A YAML file, which goes with all of its directory; an archive; a directory; or an http(s) URL"
                                            + " of an archive that the manager can reach.")
                    String path,
            @Option(
                            names = {"-b", "--blueprint-id"},
                            paramLabel = "ID",
                            description = "Default: the name of the directory or archive.")
                    @Nullable
                    String id,
            @Option(
                            names = {"-n", "--blueprint-filename"},
                            paramLabel = "FILE",
                            description = "The main file in it (default: the YAML file given, else blueprint.yaml).")
                    @Nullable
                    String mainFile,
            @Option(
                            names = "--labels",
                            paramLabel = "KEY:VALUE",
                            split = ",",
                            description = "Labels; separated by commas, or repeat for more.")
                    @Nullable
                    List<String> labels,
            @Mixin VisibilityOption visibility)
            throws IOException {
        String query = "?visibility=" + Client.segment(visibility.orTenant())
                + (labels == null ? "" : "&labels=" + Client.segment(Json.line(labels(labels))));
        URI url = GivenFile.url(path);
        if (url != null) {
            String blueprint = id == null ? idOf(Path.of(url.getPath())) : id;
            cli.print(
                    cli.client()
                            .send(
                                    "PUT",
                                    path(blueprint) + query + mainFileOf(mainFile == null ? MAIN_FILE : mainFile)
                                            + "&blueprint_archive_url=" + Client.segment(path),
                                    null),
                    COLUMNS);
            return ExitCode.OK;
        }
        Source source = source(path, mainFile);
        cli.print(send(source, path(id == null ? source.id() : id) + query), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "validate", description = "Say whether a blueprint is right, and keep nothing.")
    int validate(
            @Parameters(paramLabel = "BLUEPRINT_PATH", description = "As `upload` takes it, but no URL.") String path,
            @Option(
                            names = {"-n", "--blueprint-filename"},
                            paramLabel = "FILE",
                            description = "The main file in it, as for `upload`.")
                    @Nullable
                    String mainFile)
            throws IOException {
        Source source = source(path, mainFile);
        send(source, path("validated-" + UUID.randomUUID()) + "/validate?visibility=private");
        cli.say("The blueprint is valid.");
        return ExitCode.OK;
    }

    private Map<String, Object> send(Source source, String target) throws IOException {
        Path packed = source.directory() == null ? null : packed(source.directory());
        try {
            Path file = packed == null ? source.file() : packed;
            return cli.client()
                    .upload(target + mainFileOf(source.mainFile()), file, cli.progress(source.id(), Files.size(file)));
        } finally {
            if (packed != null) {
                Files.deleteIfExists(packed);
            }
        }
    }

    private static String mainFileOf(String name) {
        return "&application_file_name=" + Client.segment(name);
    }

    /**
     * What there is to send.
     *
     * @param file what is sent as it is, or is the main file of the directory
     * @param directory what is packed and sent instead; null: nothing
     * @param id the blueprint's, where none is given
     */
    private record Source(Path file, @Nullable Path directory, String mainFile, String id) {}

    private static Source source(String given, @Nullable String mainFile) {
        Path path = Path.of(given).toAbsolutePath().normalize();
        if (Files.isDirectory(path)) {
            return whole(path, path, mainFile == null ? MAIN_FILE : mainFile);
        }
        GivenFile.existing(Path.of(given));
        String name = String.valueOf(path.getFileName());
        Path directory = path.getParent();
        if (directory != null && (name.endsWith(".yaml") || name.endsWith(".yml"))) {
            return whole(path, directory, mainFile == null ? name : mainFile);
        }
        return new Source(path, null, mainFile == null ? MAIN_FILE : mainFile, idOf(path));
    }

    private static Source whole(Path file, Path directory, String mainFile) {
        if (!Files.isRegularFile(directory.resolve(mainFile))) {
            throw new CliFailure(
                    ExitCode.USAGE, "no file " + mainFile + " in " + directory + "; name the main file with -n");
        }
        return new Source(file, directory, mainFile, String.valueOf(directory.getFileName()));
    }

    private static String idOf(Path archive) {
        String name = String.valueOf(archive.getFileName());
        return name.replaceFirst("(?i)\\.(zip|tar|tgz|tar\\.gz|tar\\.bz2|tbz2)$", "");
    }

    /** All regular files below it, in one directory of its name; links out of it stay out. */
    private static Path packed(Path directory) throws IOException {
        Path packed = Files.createTempFile("holdfast-blueprint-", ".zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(packed));
                Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
                if (!file.toRealPath().startsWith(directory.toRealPath())) {
                    continue;
                }
                zip.putNextEntry(new ZipEntry(directory.getFileName() + "/"
                        + directory.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(packed);
            throw e;
        }
        return packed;
    }

    private static List<Map<String, String>> labels(List<String> given) {
        return given.stream()
                .map(label -> {
                    int colon = label.indexOf(':');
                    if (colon < 1 || colon == label.length() - 1) {
                        throw new CliFailure(ExitCode.USAGE, "the label " + label + " is not of the form KEY:VALUE");
                    }
                    return Map.of(
                            label.substring(0, colon).strip(),
                            label.substring(colon + 1).strip());
                })
                .toList();
    }

    @Command(name = "list", description = "List blueprints.")
    int list(@Mixin ListOptions options) {
        return ListCommands.list(cli, "blueprints", COLUMNS, "created_at", options, "");
    }

    @Command(name = "get", description = "Show a blueprint.")
    int get(@Parameters(paramLabel = "BLUEPRINT_ID") String id) {
        cli.print(cli.client().get(path(id)), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "download", description = "Download a blueprint's archive.")
    int download(
            @Parameters(paramLabel = "BLUEPRINT_ID") String id,
            @Option(
                            names = {"-o", "--output-path"},
                            paramLabel = "FILE",
                            description =
                                    "Where to (default: BLUEPRINT_ID here, with .zip or whatever the archive is).")
                    @Nullable
                    Path output)
            throws IOException {
        Path target = output == null ? Path.of(id + ".download") : output;
        long bytes = cli.client().download(path(id) + "/archive", target.toAbsolutePath(), cli.progress(id, -1));
        if (output == null) {
            target = Files.move(target, Path.of(id + ending(target)), StandardCopyOption.REPLACE_EXISTING);
        }
        cli.downloaded(target, bytes);
        return ExitCode.OK;
    }

    private static String ending(Path archive) throws IOException {
        byte[] start;
        try (InputStream in = Files.newInputStream(archive)) {
            start = in.readNBytes(3);
        }
        String magic = new String(start, StandardCharsets.ISO_8859_1);
        if (magic.startsWith("PK")) {
            return ".zip";
        }
        if (magic.startsWith("\u001f\u008b")) {
            return ".tar.gz";
        }
        return magic.equals("BZh") ? ".tar.bz2" : ".tar";
    }

    @Command(name = "set-visibility", description = "Let more see a blueprint.")
    int setVisibility(@Parameters(paramLabel = "BLUEPRINT_ID") String id, @Mixin NewVisibilityOption visibility) {
        return visibility.set(cli, path(id), COLUMNS);
    }

    @Command(name = "delete", description = "Delete a blueprint that no deployment is of.")
    int delete(
            @Parameters(paramLabel = "BLUEPRINT_ID") String id,
            @Option(
                            names = {"-f", "--force"},
                            description = "Even if other blueprints import it.")
                    boolean force) {
        cli.client().send("DELETE", path(id) + "?force=" + force, null);
        cli.say("Deleted blueprint " + id);
        return ExitCode.OK;
    }

    private static String path(String id) {
        return BLUEPRINTS + "/" + Client.segment(id);
    }
}
