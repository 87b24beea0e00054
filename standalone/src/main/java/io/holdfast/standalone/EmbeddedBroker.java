package io.holdfast.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener.DefaultSystemLauncherListener;
import org.apache.qpid.server.model.Container;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.SystemConfig;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * An AMQP 0-9-1 broker (Qpid Broker-J) in this process, on the loopback interface and a free port, its messages in a Derby database:
 * persistent ones survive a kill. Its password lives as long as the process.
 */
final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EmbeddedBroker.class);

    private static final AtomicReference<@Nullable EmbeddedBroker> RUNNING = new AtomicReference<>();

    private final SystemLauncher launcher;
    private final String url;
    private final EmbeddedBrokerProducers producers;

    private EmbeddedBroker(SystemLauncher launcher, String url, EmbeddedBrokerProducers producers) {
        this.launcher = launcher;
        this.url = url;
        this.producers = producers;
    }

    /** The one of this process, if it has one. */
    static Optional<EmbeddedBroker> running() {
        return Optional.ofNullable(RUNNING.get());
    }

    static EmbeddedBroker start(Path directory, Path logs, String password) {
        System.setProperty(
                "derby.stream.error.file", logs.resolve("broker-store.log").toString());
        AtomicInteger port = new AtomicInteger();
        AtomicReference<@Nullable Container<?>> container = new AtomicReference<>();
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        SystemLauncher launcher = new SystemLauncher(new DefaultSystemLauncherListener() {
            private @Nullable SystemConfig<?> system;

            @Override
            public void onContainerResolve(SystemConfig<?> resolved) {
                system = resolved;
            }

            @Override
            public void errorOnStartup(RuntimeException reason) {
                failure.set(reason);
            }

            @Override
            public void afterStartup() {
                // called after a failure, too
                @Nullable Container<?> made = system == null ? null : system.getContainer();
                if (made != null) {
                    container.set(made);
                    port.set(boundPort(made));
                    takeOutShutdownHook(made);
                }
            }
        });
        EmbeddedBrokerProducers producers = new EmbeddedBrokerProducers(directory);
        try {
            Files.createDirectories(directory);
            producers.writeRights();
            Files.writeString(
                    initialConfiguration(directory),
                    producers.withUsers(resourceText("embedded-broker.json"), "holdfast", password));
            // made anew from the program's own at each start; queues and messages are in the store
            Files.deleteIfExists(configurationFile(directory));
            startSilently(launcher, attributes(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new StartRefused("the embedded AMQP broker does not start in " + directory + ": " + e, e);
        }
        if (port.get() <= 0) {
            launcher.shutdown();
            @Nullable RuntimeException reason = failure.get();
            throw new StartRefused(
                    "the embedded AMQP broker does not listen" + (reason == null ? "" : ": " + reason.getMessage())
                            + "; see " + logs,
                    reason);
        }
        @Nullable Container<?> started = container.get();
        if (started != null) {
            producers.manage(started, launcher.getSystemPrincipal());
        }
        rememberPort(directory, port.get());
        LOG.infof("AMQP broker takes connections on 127.0.0.1:%d", port.get());
        EmbeddedBroker broker = new EmbeddedBroker(
                launcher, "amqp://holdfast:" + password + "@127.0.0.1:" + port.get() + "/holdfast", producers);
        RUNNING.set(broker);
        return broker;
    }

    /** The launcher prints the stack trace of a failure to standard output; whoever calls us tells it in words. */
    private static void startSilently(SystemLauncher launcher, Map<String, Object> attributes) throws Exception {
        PrintStream output = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        try {
            launcher.startup(attributes);
        } finally {
            System.setOut(output);
        }
    }

    private static Map<String, Object> attributes(Path directory) {
        Map<String, String> context = new HashMap<>();
        context.put("qpid.work_dir", directory.toString());
        context.put(
                "holdfast.embedded.rights",
                EmbeddedBrokerProducers.rights(directory).toString());
        // as RabbitMQ does: a message's user_id is the user of its connection, or the message is refused
        context.put("qpid.broker_msg_auth", "true");
        context.put("holdfast.embedded.port", Integer.toString(formerPort(directory)));
        context.put("holdfast.embedded.store", directory.resolve("store").toString());
        // a handful of connections from this very process: the defaults are for hundreds
        context.put("broker.directByteBufferPoolSize", "64");
        context.put("virtualhost.connectionThreadPool.size", "8");
        context.put("virtualhost.connectionThreadPool.numberOfSelectors", "1");

        Map<String, Object> attributes = new HashMap<>();
        attributes.put("type", "JSON");
        attributes.put("storePath", configurationFile(directory).toString());
        attributes.put(
                "initialConfigurationLocation", initialConfiguration(directory).toString());
        // its own default is a classpath: URL, which only the system class loader can open
        attributes.put("initialSystemPropertiesLocation", resource("embedded-broker.properties"));
        attributes.put("startupLoggedToSystemOut", false);
        attributes.put("context", context);
        return attributes;
    }

    /** The port of the last start where it is free: producers have it in their URLs. Else 0, a free one. */
    private static int formerPort(Path directory) {
        Path file = directory.resolve("port");
        if (!Files.exists(file)) {
            return 0;
        }
        try {
            return Holdfast.freePort(Integer.parseInt(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException | StartRefused e) {
            LOG.warnf(
                    "The AMQP broker cannot have the port of the last start, producers need another URL: %s",
                    e.getMessage());
            return 0;
        }
    }

    private static void rememberPort(Path directory, int port) {
        try {
            Files.writeString(directory.resolve("port"), port + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The program's own, with the users; passwords are in it as hashes only. */
    private static Path initialConfiguration(Path directory) {
        return directory.resolve("initial.json");
    }

    private static String resourceText(String name) throws IOException {
        try (InputStream in = EmbeddedBroker.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new StartRefused(name + " is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Path configurationFile(Path directory) {
        return directory.resolve("configuration.json");
    }

    private static String resource(String name) {
        return Optional.ofNullable(EmbeddedBroker.class.getClassLoader().getResource(name))
                .orElseThrow(() -> new StartRefused(name + " is missing from the program"))
                .toString();
    }

    /**
     * The broker ends itself as soon as the JVM is told to end, side by side with the services that still need it, and offers no setting
     * against it. We end it, when the services have ended.
     */
    private static void takeOutShutdownHook(Container<?> broker) {
        for (@Nullable Class<?> type = broker.getClass(); type != null; type = type.getSuperclass()) {
            try {
                Field field = type.getDeclaredField("_shutdownHook");
                field.setAccessible(true);
                if (field.get(broker) instanceof Thread hook) {
                    Runtime.getRuntime().removeShutdownHook(hook);
                }
                return;
            } catch (NoSuchFieldException e) {
                LOG.tracef("not in %s", type);
            } catch (IllegalAccessException | IllegalStateException e) {
                LOG.debug("the broker keeps its shutdown hook", e);
                return;
            }
        }
        LOG.warn("the embedded broker has no shutdown hook where it is looked for: at the end, services may complain of"
                + " losing it");
    }

    private static int boundPort(Container<?> broker) {
        for (Port<?> port : broker.getChildren(Port.class)) {
            return port.getBoundPort();
        }
        return 0;
    }

    /** With user and password. */
    String url() {
        return url;
    }

    /** The users of external producers. */
    EmbeddedBrokerProducers producers() {
        return producers;
    }

    @Override
    public void close() {
        RUNNING.compareAndSet(this, null);
        launcher.shutdown();
    }
}
