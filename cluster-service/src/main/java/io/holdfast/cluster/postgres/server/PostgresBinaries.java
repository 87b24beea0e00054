package io.holdfast.cluster.postgres.server;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The installed PostgreSQL that a node runs: the server and the tools that make, copy, rewind and read a data directory.
 *
 * @param bin the directory that holds the programs
 * @param major such as 15; at least {@value #OLDEST}
 */
public record PostgresBinaries(Path bin, int major) {

    /** pg_rewind recovers a crashed target by itself since 13, and a promotion writes no checkpoint that this relies on since then. */
    public static final int OLDEST = 14;

    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final List<String> PROGRAMS =
            List.of("postgres", "initdb", "pg_basebackup", "pg_rewind", "pg_controldata", "pg_waldump");
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

    /**
     * @param bin as configured, such as {@code /usr/lib/postgresql/15/bin}
     * @throws ManagerException if a program is missing there or its version is too old
     */
    public static PostgresBinaries at(Path bin) {
        List<String> missing = PROGRAMS.stream()
                .filter(program -> !Files.isExecutable(bin.resolve(program)))
                .toList();
        if (!missing.isEmpty()) {
            throw absent(bin + " lacks " + String.join(", ", missing));
        }
        String printed = Command.of(bin.resolve("postgres").toString(), "--version")
                .run(Duration.ofSeconds(30))
                .orThrow();
        Matcher version = VERSION.matcher(printed);
        if (!version.find()) {
            throw absent("postgres --version in " + bin + " says " + printed.strip());
        }
        int major = Integer.parseInt(version.group(1));
        if (major < OLDEST) {
            throw absent(bin + " is PostgreSQL " + major + ", and " + OLDEST + " or newer is needed");
        }
        return new PostgresBinaries(bin, major);
    }

    /**
     * The newest that is installed below {@code /usr/lib/postgresql} or on the PATH.
     *
     * @throws ManagerException if there is none
     */
    public static PostgresBinaries newest() {
        List<PostgresBinaries> all = installed();
        if (all.isEmpty()) {
            throw absent("no PostgreSQL server below " + DEBIAN + " or on the PATH");
        }
        return all.get(0);
    }

    /** All that are complete, newest first, one for each major version. */
    public static List<PostgresBinaries> installed() {
        List<Path> candidates = new ArrayList<>();
        if (Files.isDirectory(DEBIAN)) {
            try (DirectoryStream<Path> versions = Files.newDirectoryStream(DEBIAN)) {
                versions.forEach(version -> candidates.add(version.resolve("bin")));
            } catch (IOException e) {
                throw new ManagerException(ErrorCode.INTERNAL_SERVER, "cannot list " + DEBIAN + ": " + e, null, e);
            }
        }
        for (String directory : System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator)) {
            if (!directory.isBlank()) {
                candidates.add(Path.of(directory));
            }
        }
        List<PostgresBinaries> found = new ArrayList<>();
        for (Path candidate : candidates) {
            if (PROGRAMS.stream().allMatch(program -> Files.isExecutable(candidate.resolve(program)))) {
                PostgresBinaries binaries = at(candidate);
                if (found.stream().noneMatch(other -> other.major() == binaries.major())) {
                    found.add(binaries);
                }
            }
        }
        found.sort(Comparator.comparingInt(PostgresBinaries::major).reversed());
        return List.copyOf(found);
    }

    String program(String name) {
        return bin.resolve(name).toString();
    }

    private static ManagerException absent(String found) {
        return new ManagerException(
                ErrorCode.SERVICE_UNAVAILABLE,
                "a node of a cluster needs PostgreSQL's own programs (" + String.join(", ", PROGRAMS) + "); " + found,
                "install Debian's package postgresql-15 (or a newer postgresql-NN), or set postgres.bin to the directory that holds them");
    }
}
