package io.holdfast.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.model.SystemConfig;

/** Qpid Broker-J in process, with a durable store, as a zero-install stack runs it. */
final class QpidTestBroker implements TestBroker {

    private static final String PASSWORD = "guest";

    /**
     * The broker's own chatter would bury what a failing test says; most of all where connections are cut on purpose, and it warns of each
     * thing that it can send no more. Quarkus tests say the same in {@link HoldfastResources}. Held, as loggers that nobody holds forget
     * their level.
     */
    private static final Map<Logger, Level> QUIET = Map.of(
            Logger.getLogger("org.apache.qpid"), Level.WARNING,
            Logger.getLogger("qpid.message"), Level.WARNING,
            Logger.getLogger("org.apache.qpid.server.transport.NonBlockingConnection"), Level.SEVERE);

    private final Path work = TestFiles.directory("qpid");
    private final int port = TestFiles.freePort();
    private SystemLauncher launcher = new SystemLauncher();

    private QpidTestBroker() {}

    static QpidTestBroker start() {
        QpidTestBroker broker = new QpidTestBroker();
        broker.launch();
        return broker;
    }

    private void launch() {
        QUIET.forEach(Logger::setLevel);
        // else each boot of it is a warning in the log, with the machine's properties
        System.setProperty(
                "derby.stream.error.file", work.resolve("message-store.log").toString());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // The broker finds its plugins through the context class loader, which Quarkus tests exchange.
        thread.setContextClassLoader(QpidTestBroker.class.getClassLoader());
        try {
            launcher = new SystemLauncher();
            launcher.startup(attributes());
        } catch (Exception e) {
            throw new IllegalStateException("the embedded broker does not start on port " + port, e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Map<String, Object> attributes() throws IOException {
        Path configuration = work.resolve("initial.json");
        Files.writeString(configuration, """
            {
              "name": "test",
              "modelVersion": "8.0",
              "authenticationproviders": [ {
                "name": "plain", "type": "Plain", "secureOnlyMechanisms": [],
                "users": [ { "name": "guest", "type": "managed", "password": "guest" } ]
              } ],
              "ports": [ {
                "name": "AMQP", "bindingAddress": "127.0.0.1", "port": "%d", "authenticationProvider": "plain",
                "protocols": [ "AMQP_0_9_1" ],
                "virtualhostaliases": [ { "name": "nameAlias", "type": "nameAlias" } ]
              } ],
              "virtualhostnodes": [ {
                "name": "default", "type": "JSON", "defaultVirtualHostNode": "true",
                "virtualHostInitialConfiguration": "{\\"type\\": \\"DERBY\\"}"
              } ]
            }
            """.formatted(port));
        Map<String, Object> attributes = new HashMap<>();
        attributes.put(SystemConfig.TYPE, "JSON");
        attributes.put(SystemConfig.INITIAL_CONFIGURATION_LOCATION, configuration.toString());
        attributes.put(SystemConfig.STARTUP_LOGGED_TO_SYSTEM_OUT, "false");
        attributes.put(SystemConfig.CONTEXT, Map.of("qpid.work_dir", work.toString(), "qpid.broker_msg_auth", "true"));
        attributes.put("storePath", work.resolve("config.json").toString());
        return attributes;
    }

    @Override
    public String url() {
        return "amqp://guest:" + PASSWORD + "@127.0.0.1:" + port + "/default";
    }

    @Override
    public String kind() {
        return "qpid";
    }

    @Override
    public void restart() {
        launcher.shutdown();
        launch();
    }

    @Override
    public void restartEmpty() {
        launcher.shutdown();
        TestFiles.delete(work);
        if (!work.toFile().mkdirs() && !work.toFile().isDirectory()) {
            throw new IllegalStateException("cannot make " + work + " again");
        }
        launch();
    }

    @Override
    public void close() {
        try {
            launcher.shutdown();
            TestFiles.delete(work);
        } catch (UncheckedIOException e) {
            throw new IllegalStateException("the embedded broker does not stop", e);
        }
    }
}
