package io.holdfast.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which manager a command talks to, and as whom. In this order: options, {@code HOLDFAST_URL|USERNAME|PASSWORD|TENANT}, the stack that
 * {@code ./holdfast up} runs on the data directory; of a cluster's nodes the first whose manager answers.
 */
final class Target {

    private static final String DEFAULT_TENANT = "default_tenant";

    private Target() {}

    /** What the options said; null where they said nothing. */
    record Asked(
            @Nullable String url,
            @Nullable String username,
            @Nullable Path passwordFile,
            @Nullable String tenant,
            @Nullable Path data) {}

    static Client client(Asked asked, Map<String, String> environment) {
        boolean localAsked = asked.data() != null;
        Path data = localAsked ? asked.data() : defaultData(environment);
        String url = asked.url();
        if (url == null && !localAsked) {
            url = environment.get("HOLDFAST_URL");
        }
        boolean local = url == null;
        if (url == null) {
            url = localUrl(data);
        }
        String username = first(asked.username(), environment.get("HOLDFAST_USERNAME"), "admin");
        String password;
        if (asked.passwordFile() != null) {
            password = read(asked.passwordFile(), "the file of --password-file");
        } else if (!localAsked && environment.get("HOLDFAST_PASSWORD") != null) {
            password = environment.get("HOLDFAST_PASSWORD");
        } else if (local) {
            password = read(data.resolve("admin-password"), "the stack's password");
        } else {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "no password for " + username + " at " + url
                            + ": give --password-file FILE (or - for standard input), or set HOLDFAST_PASSWORD");
        }
        String tenant = first(asked.tenant(), environment.get("HOLDFAST_TENANT"), DEFAULT_TENANT);
        return new Client(url, username, password, tenant);
    }

    static Path defaultData(Map<String, String> environment) {
        String data = environment.get("HOLDFAST_DATA");
        if (data != null && !data.isBlank()) {
            return Path.of(data);
        }
        String state = environment.get("XDG_STATE_HOME");
        Path base = state == null || state.isBlank()
                ? Path.of(environment.getOrDefault("HOME", "."), ".local", "state")
                : Path.of(state);
        return base.resolve("holdfast");
    }

    private static String localUrl(Path data) {
        Path instance = data.resolve("run/instance");
        if (Files.notExists(instance) && Files.isDirectory(data.resolve("nodes"))) {
            return ClusterTarget.manager(data);
        }
        try {
            for (String line : Files.readAllLines(instance)) {
                if (line.startsWith("port=")) {
                    return "http://127.0.0.1:"
                            + line.substring("port=".length()).strip();
                }
            }
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE,
                    "no Holdfast runs on " + data
                            + "\nstart one with ./holdfast up, or say where one is with --url or HOLDFAST_URL",
                    e);
        }
        throw new CliFailure(ExitCode.FAILED, instance + " names no port; is it written by another version?");
    }

    private static String read(Path file, String what) {
        return GivenFile.read(file, what).strip();
    }

    private static String first(@Nullable String one, @Nullable String two, String otherwise) {
        return one != null ? one : two != null && !two.isBlank() ? two : otherwise;
    }
}
