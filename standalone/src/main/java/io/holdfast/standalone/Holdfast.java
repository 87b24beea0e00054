package io.holdfast.standalone;

import io.holdfast.http.StartFailure;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Everything in one process. Before Quarkus boots it starts the servers that the services need and tells Quarkus where they are, by
 * system properties; after Quarkus has ended it ends them, the broker first.
 */
@QuarkusMain
public final class Holdfast {
    private static final Logger LOG = Logger.getLogger(Holdfast.class);
    private static final int REFUSED = 1;
    private static final int DEFAULT_DATABASE_PORT = 5432;
    private static final int PROBE_MILLIS = 2_000;
    /** Of a URL whose hosts may be several, and in brackets. */
    private static final Pattern FIRST_HOST = Pattern.compile("//(\\[[^]]*]|[^:/,]+)(?::(\\d+))?");
    /** Quarkus, broker and database together take a few seconds; a database under load writes its checkpoint for longer. */
    private static final long SHUTDOWN_SECONDS = 120;

    private static final long MAX_LOG_BYTES = 20L * 1024 * 1024;

    private static final AtomicReference<@Nullable Runnable> WHEN_READY = new AtomicReference<>();
    private static final CountDownLatch ENDED = new CountDownLatch(1);
    private static volatile boolean shuttingDown;
    private static volatile int httpPort;

    private Holdfast() {}

    public static void main(String... arguments) {
        // Keeps the JVM until main has ended the servers, in order: hooks run side by side, and the JVM ends after the
        // last.
        Runtime.getRuntime().addShutdownHook(new Thread(Holdfast::awaitEnd, "holdfast-shutdown"));
        int code = REFUSED;
        letUncleanUrlsIn();
        quietUntilConfigured();
        try {
            code = run(Options.parse(List.of(arguments), System.getenv()), System.getenv());
        } catch (StartRefused e) {
            LOG.debug("refused", e);
            code = e.exitCode();
            if (!shuttingDown) {
                System.err.println("holdfast: " + e.getMessage());
            }
        } finally {
            // told to end, maybe in the middle of a start: what could not be finished then is no error
            if (shuttingDown) {
                System.out.println("Holdfast has ended");
            }
            ENDED.countDown();
        }
        System.exit(code);
    }

    /**
     * The server would answer URLs with characters that belong encoded (<code>?a={}</code>) by an empty 400, before anything of ours sees
     * them. The gateway reads them as the existing product does, and says what is wrong with the others. The server asks for this property
     * once, when its class is loaded.
     */
    private static void letUncleanUrlsIn() {
        String property = "vertx.disableURIValidation";
        if (System.getProperty(property) == null) {
            System.setProperty(property, "true");
        }
    }

    /** Before Quarkus sets up the logs everything is kept, down to the driver's protocol, to be printed if the start fails. */
    private static void quietUntilConfigured() {
        java.util.logging.Logger.getLogger("").setLevel(Level.WARNING);
        java.util.logging.Logger.getLogger("io.holdfast").setLevel(Level.INFO);
    }

    private static void awaitEnd() {
        shuttingDown = true;
        try {
            if (!ENDED.await(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("holdfast: the servers did not end within " + SHUTDOWN_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int run(Options options, Map<String, String> environment) {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try (DataDirectory data = DataDirectory.open(options.data())) {
            try {
                httpPort = freePort(options.port());
                return runWith(options, environment, data, opened);
            } finally {
                opened.forEach(Holdfast::close);
                data.delete(Instance.FILE);
            }
        }
    }

    private static int runWith(
            Options options, Map<String, String> environment, DataDirectory data, Deque<AutoCloseable> opened) {
        configureLogs(data);
        ProcessHandle self = ProcessHandle.current();
        Instance instance = new Instance(
                "starting",
                self.pid(),
                ProcessToken.of(self.pid()),
                httpPort,
                self.info().startInstant().orElseThrow(() -> new StartRefused("this process has no start time")),
                Optional.ofNullable(options.databaseUrl())
                        .map(url -> DatabaseAddress.parse(url, environment).url())
                        .orElse("embedded"),
                Optional.ofNullable(options.brokerUrl())
                        .map(BrokerUrl::withoutCredentials)
                        .orElse("embedded"));
        data.writeSecret(Instance.FILE, instance.asText());

        String secretKey = data.secretKey(environment.get("HOLDFAST_SECRET_KEY"));
        String adminPassword = data.adminPassword(environment.get("HOLDFAST_ADMIN_PASSWORD"));
        DatabaseAddress database = database(options, environment, data, opened);
        if (shuttingDown) {
            return 0;
        }
        String broker = broker(options, data, opened);
        if (shuttingDown) {
            return 0;
        }

        Map<String, String> properties = Map.of(
                "holdfast.data", data.root().toString(),
                "holdfast.secret-key", secretKey,
                "holdfast.admin-password", adminPassword,
                "holdfast.database.url", database.url(),
                "holdfast.database.username", database.username(),
                "holdfast.database.password", database.password(),
                "holdfast.broker.url", broker,
                "quarkus.http.host", environment.getOrDefault("QUARKUS_HTTP_HOST", "127.0.0.1"),
                "quarkus.http.port", Integer.toString(httpPort));
        properties.forEach(System::setProperty);

        String ready = "Holdfast is ready at http://127.0.0.1:" + httpPort
                + " (Web UI at /ui/, user admin, password in " + data.adminPasswordFile() + ")";
        WHEN_READY.set(() -> {
            data.writeSecret(Instance.FILE, instance.ready().asText());
            System.out.println(ready);
            LOG.info(ready);
        });
        AtomicInteger exitCode = new AtomicInteger();
        Quarkus.run(Services.class, (code, failure) -> {
            exitCode.set(code);
            if (failure != null && shuttingDown) {
                LOG.info("told to end before it was ready");
            } else if (failure != null) {
                // the console shows errors: the next line is enough there
                LOG.warn("the services did not start", failure);
                System.err.println("holdfast: the services did not start: " + StartFailure.inWords(failure) + "; see "
                        + data.logs());
            }
        });
        return exitCode.get();
    }

    private static DatabaseAddress database(
            Options options, Map<String, String> environment, DataDirectory data, Deque<AutoCloseable> opened) {
        @Nullable String outside = options.databaseUrl();
        if (outside != null) {
            DatabaseAddress address = DatabaseAddress.parse(outside, environment);
            sayIfSilent("PostgreSQL", address.url(), DEFAULT_DATABASE_PORT);
            return address;
        }
        EmbeddedPostgres postgres =
                EmbeddedPostgres.start(data.postgres(), data.logs().resolve("postgresql.log"), data.databasePassword());
        opened.push(postgres);
        return postgres.address();
    }

    private static String broker(Options options, DataDirectory data, Deque<AutoCloseable> opened) {
        @Nullable String outside = options.brokerUrl();
        if (outside != null) {
            sayIfSilent("AMQP broker", BrokerUrl.withoutCredentials(outside), BrokerUrl.defaultPort(outside));
            return outside;
        }
        EmbeddedBroker broker = EmbeddedBroker.start(data.broker(), data.logs(), data.newPassword());
        opened.push(broker);
        return broker.url();
    }

    /** The services wait for it: whoever watches should know what for. */
    private static void sayIfSilent(String what, String url, int defaultPort) {
        Matcher address = FIRST_HOST.matcher(url);
        if (!address.find()) {
            return;
        }
        @Nullable String port = address.group(2);
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.group(1), port == null ? defaultPort : Integer.parseInt(port)),
                    PROBE_MILLIS);
        } catch (IOException e) {
            LOG.debug("nothing listens yet", e);
            System.err.println("holdfast: nothing listens at " + url + " yet; waiting for the " + what);
        }
    }

    private static void configureLogs(DataDirectory data) {
        EmbeddedPostgres.boundLog(data.logs().resolve("postgresql.log"), MAX_LOG_BYTES);
        System.setProperty(
                "quarkus.log.file.path", data.logs().resolve("holdfast.log").toString());
    }

    /** The port itself where it is free; a free one for 0. Before any server starts, so that a busy one costs nothing. */
    static int freePort(int wanted) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new StartRefused(
                    "port " + wanted + " is in use; end what listens there, or choose another with --port N", e);
        }
    }

    private static void close(AutoCloseable server) {
        try {
            server.close();
        } catch (Exception e) {
            LOG.error("a server did not end in order", e);
        }
    }

    /** What Quarkus runs: says when all is ready, then waits for the end. */
    public static final class Services implements QuarkusApplication {
        @Override
        public int run(String... arguments) {
            Optional<String> unready = new Readiness(httpPort).await(() -> shuttingDown);
            if (shuttingDown) {
                return 0;
            }
            if (unready.isPresent()) {
                LOG.errorf("not ready: %s", unready.get());
                System.err.println("holdfast: not ready in time: " + unready.get());
                return REFUSED;
            }
            @Nullable Runnable whenReady = WHEN_READY.get();
            if (whenReady != null) {
                whenReady.run();
            }
            Quarkus.waitForExit();
            return 0;
        }
    }
}
