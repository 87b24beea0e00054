package io.holdfast.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How to start a program that refuses to run as root, which PostgreSQL does. An ordinary user just starts it. Root starts it in a user
 * namespace of its own, where it is nobody and its files stay root's; where the kernel or a container forbids that, as the user
 * {@code nobody}, who then owns the files.
 */
final class UnprivilegedLauncher {
    private static final String OTHER_USER = "nobody";

    private final List<String> prefix;
    private final @Nullable String owner;

    private UnprivilegedLauncher(List<String> prefix, @Nullable String owner) {
        this.prefix = List.copyOf(prefix);
        this.owner = owner;
    }

    static UnprivilegedLauncher forThisUser() {
        if (!"0".equals(output("id", "-u").orElse(""))) {
            return new UnprivilegedLauncher(List.of(), null);
        }
        if (output("unshare", "--user", "id", "-u")
                .filter(id -> !id.equals("0"))
                .isPresent()) {
            return new UnprivilegedLauncher(List.of("unshare", "--user"), "root");
        }
        String group = output("id", "-g", OTHER_USER).orElse("65534");
        List<String> setpriv = List.of("setpriv", "--reuid=" + OTHER_USER, "--regid=" + group, "--clear-groups");
        // the capability lets nobody through to a directory below root's home, as it does root
        List<String> withAccess = Stream.concat(
                        setpriv.stream(), Stream.of("--inh-caps=+dac_override", "--ambient-caps=+dac_override"))
                .toList();
        for (List<String> candidate : List.of(withAccess, setpriv)) {
            if (output(with(candidate, "id", "-u")).isPresent()) {
                return new UnprivilegedLauncher(candidate, OTHER_USER);
            }
        }
        throw new StartRefused(
                "PostgreSQL refuses to run as root, and here root can use neither a user namespace (unshare --user)"
                        + " nor the user nobody (setpriv); start as an ordinary user, or with --database and a PostgreSQL of yours");
    }

    /** In a session of its own where the system has {@code setsid}, so that a terminal's Ctrl-C reaches only this process. */
    List<String> command(List<String> program) {
        List<String> command = new ArrayList<>();
        if (output("setsid", "true").isPresent()) {
            command.add("setsid");
        }
        command.addAll(prefix);
        command.addAll(program);
        return command;
    }

    /**
     * Where to put the programs: {@code preferred}, or a directory for all stacks of this machine where the user who runs them cannot
     * enter it. PostgreSQL asks whether its own file can be executed, and that question knows no capabilities.
     */
    Path programsDirectory(Path preferred) {
        boolean enters = owner == null
                || output(with(prefix, "test", "-x", preferred.toString())).isPresent();
        return enters ? preferred : Path.of("/var/lib/holdfast");
    }

    /** Gives a tree to the user who will run the program: the last start may have been by another way. */
    void handOver(Path tree) {
        if (owner == null
                || output("find", tree.toString(), "!", "-user", owner, "-print", "-quit")
                        .filter(String::isEmpty)
                        .isPresent()) {
            return;
        }
        if (output("chown", "-R", owner, tree.toString()).isEmpty()) {
            throw new StartRefused("cannot give " + tree + " to the user " + owner);
        }
        if (output(with(prefix, "ls", tree.toString())).isEmpty()) {
            throw new StartRefused(
                    "root's PostgreSQL runs as the user " + owner + " here, who cannot enter " + tree
                            + "; choose a --data directory below one that all may enter, such as /var/lib, or start as an ordinary user");
        }
    }

    private static String[] with(List<String> prefix, String... program) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(program));
        return command.toArray(String[]::new);
    }

    /** What a short command prints, without the line's end; empty if it fails or is not there. */
    private static Optional<String> output(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? Optional.of(text) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
