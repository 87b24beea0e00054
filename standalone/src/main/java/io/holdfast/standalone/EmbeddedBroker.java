package io.holdfast.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
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

    private final SystemLauncher launcher;
    private final String url;

    private EmbeddedBroker(SystemLauncher launcher, String url) {
        this.launcher = launcher;
        this.url = url;
    }

    static EmbeddedBroker start(Path directory, Path logs, String password) {
        System.setProperty(
                "derby.stream.error.file", logs.resolve("broker-store.log").toString());
        AtomicInteger port = new AtomicInteger();
        SystemLauncher launcher = new SystemLauncher(new DefaultSystemLauncherListener() {
            private @Nullable SystemConfig<?> system;

            @Override
            public void onContainerResolve(SystemConfig<?> resolved) {
                system = resolved;
            }

            @Override
            public void errorOnStartup(RuntimeException failure) {
                LOG.error("the embedded AMQP broker does not start", failure);
            }

            @Override
            public void afterStartup() {
                @Nullable SystemConfig<?> resolved = system;
                if (resolved != null) {
                    port.set(boundPort(resolved.getContainer()));
                    takeOutShutdownHook(resolved.getContainer());
                }
            }
        });
        try {
            Files.createDirectories(directory);
            // made anew from the program's own at each start; queues and messages are in the store
            Files.deleteIfExists(configurationFile(directory));
            launcher.startup(attributes(directory, password));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new StartRefused("the embedded AMQP broker does not start in " + directory + ": " + e, e);
        }
        if (port.get() <= 0) {
            launcher.shutdown();
            throw new StartRefused("the embedded AMQP broker does not listen; see " + logs);
        }
        LOG.infof("AMQP broker takes connections on 127.0.0.1:%d", port.get());
        return new EmbeddedBroker(launcher, "amqp://holdfast:" + password + "@127.0.0.1:" + port.get() + "/holdfast");
    }

    private static Map<String, Object> attributes(Path directory, String password) {
        Map<String, String> context = new HashMap<>();
        context.put("qpid.work_dir", directory.toString());
        context.put("holdfast.embedded.password", password);
        context.put("holdfast.embedded.port", "0");
        context.put("holdfast.embedded.store", directory.resolve("store").toString());
        // a handful of connections from this very process: the defaults are for hundreds
        context.put("broker.directByteBufferPoolSize", "64");
        context.put("virtualhost.connectionThreadPool.size", "8");
        context.put("virtualhost.connectionThreadPool.numberOfSelectors", "1");

        Map<String, Object> attributes = new HashMap<>();
        attributes.put("type", "JSON");
        attributes.put("storePath", configurationFile(directory).toString());
        attributes.put("initialConfigurationLocation", resource("embedded-broker.json"));
        // its own default is a classpath: URL, which only the system class loader can open
        attributes.put("initialSystemPropertiesLocation", resource("embedded-broker.properties"));
        attributes.put("startupLoggedToSystemOut", false);
        attributes.put("context", context);
        return attributes;
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
        LOG.warn(
                "the embedded broker has no shutdown hook where it is looked for: at the end, services may complain of losing it");
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

    @Override
    public void close() {
        launcher.shutdown();
    }
}
