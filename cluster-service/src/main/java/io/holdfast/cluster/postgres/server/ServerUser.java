package io.holdfast.cluster.postgres.server;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The operating system's user that PostgreSQL runs as. It refuses to run as root, so an agent that root started runs it as the user
 * who owns the data directory, for a new one as {@code postgres} or else {@code nobody}.
 */
final class ServerUser {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String name;
    private final List<String> prefix;
    private final @Nullable UserPrincipal owner;

    private ServerUser(String name, List<String> prefix, @Nullable UserPrincipal owner) {
        this.name = name;
        this.prefix = List.copyOf(prefix);
        this.owner = owner;
    }

    /** @param directory the node's directory, which exists */
    static ServerUser of(Path directory, Path data) {
        String self = System.getProperty("user.name");
        if (!"root".equals(self)) {
            return new ServerUser(self, List.of(), null);
        }
        try {
            String name = "root";
            if (Files.exists(data)) {
                name = Files.getOwner(data).getName();
            }
            if (name.equals("root")) {
                name = Command.of("id", "-u", "postgres").run(LIMIT).ok() ? "postgres" : "nobody";
            }
            UserPrincipal owner =
                    directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
            String group = Command.of("id", "-g", name).run(LIMIT).orThrow().strip();
            List<String> setpriv = List.of("setpriv", "--reuid=" + name, "--regid=" + group, "--clear-groups");
            // the capability lets the user through to a directory below root's home, as it does root
            List<String> withAccess = Stream.concat(
                            setpriv.stream(), Stream.of("--inh-caps=+dac_override", "--ambient-caps=+dac_override"))
                    .toList();
            for (List<String> candidate : List.of(setpriv, withAccess)) {
                List<String> words = new ArrayList<>(candidate);
                words.addAll(List.of("ls", directory.toString()));
                if (new Command(words, java.util.Map.of()).run(LIMIT).ok()) {
                    return new ServerUser(name, candidate, owner);
                }
            }
            throw new ManagerException(
                    ErrorCode.ILLEGAL_ACTION,
                    "PostgreSQL refuses to run as root, so it runs as the user " + name + ", who cannot enter "
                            + directory,
                    "choose a data directory below one that all may enter, such as /var/lib, or start the agent as an ordinary user");
        } catch (IOException e) {
            throw new ManagerException(
                    ErrorCode.INTERNAL_SERVER,
                    "cannot tell which user shall run PostgreSQL in " + directory + ": " + e,
                    null,
                    e);
        }
    }

    /** Names of the users that the agent's superuser is known by. */
    Set<String> systemUsers() {
        Set<String> users = new LinkedHashSet<>();
        users.add(System.getProperty("user.name"));
        users.add(name);
        return users;
    }

    List<String> command(List<String> program) {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(program);
        return words;
    }

    /** Gives a file or a whole tree to the user. */
    void handOver(Path tree) {
        UserPrincipal user = owner;
        if (user == null) {
            return;
        }
        try {
            Files.walkFileTree(tree, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                        throws IOException {
                    Files.setOwner(directory, user);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.setOwner(file, user);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new ManagerException(
                    ErrorCode.INTERNAL_SERVER, "cannot give " + tree + " to the user " + name + ": " + e, null, e);
        }
    }
}
