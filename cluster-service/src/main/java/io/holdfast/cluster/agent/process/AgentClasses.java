package io.holdfast.cluster.agent.process;

import io.holdfast.cluster.agent.router.DatabaseRouter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.jar.JarFile;
import org.jboss.logging.Logger;
import org.postgresql.Driver;

/** The classes that an agent comes to need, for a process that leaves an archive of the classes it has loaded. */
public final class AgentClasses {

    private static final Logger LOG = Logger.getLogger(AgentClasses.class);

    private static final List<String> PACKAGES = List.of(
            "io/holdfast/cluster/agent/",
            "io/holdfast/cluster/election/",
            "io/holdfast/cluster/postgres/",
            "org/postgresql/core/",
            "org/postgresql/jdbc/",
            "org/postgresql/util/");

    private AgentClasses() {}

    /** Loads those that are in jars. Java archives none from directories. @return how many */
    public static int load() {
        int loaded = 0;
        for (Class<?> one : List.<Class<?>>of(AgentClasses.class, Driver.class)) {
            CodeSource source = one.getProtectionDomain().getCodeSource();
            Path jar = source == null
                    ? Path.of("")
                    : Path.of(URI.create(source.getLocation().toString()));
            if (Files.isRegularFile(jar)) {
                loaded += load(jar);
            }
        }
        // and what the JDK has for sockets
        new DatabaseRouter(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).close();
        return loaded;
    }

    private static int load(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            List<String> names = file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
                    .filter(name -> PACKAGES.stream().anyMatch(name::startsWith))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
            return (int) names.stream().filter(AgentClasses::isLoaded).count();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + jar, e);
        }
    }

    private static boolean isLoaded(String name) {
        try {
            Class.forName(name, false, AgentClasses.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            LOG.debugf("%s needs what is not there, and an agent does not need it: %s", name, e);
            return false;
        }
    }
}
