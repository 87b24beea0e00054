package io.holdfast.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The list of executions on the stack of the product: Flask-RESTful over SQLAlchemy, under gunicorn with two workers a processor and
 * one more; see {@code api_peer.py}. It takes a manager's requests as they are, with the token, and reads the same database.
 */
final class ApiPeer implements AutoCloseable {

    /** What Debian calls what it needs. */
    static final String PACKAGES = "python3-flask-restful, python3-sqlalchemy, python3-psycopg2 and gunicorn";

    private static final String MODULES = "import flask_restful, sqlalchemy, psycopg2, gunicorn";
    private static final String MODULE = "api_peer";
    private static final Pattern READY = Pattern.compile("Listening at: (http://\\S+)");

    private final Process process;
    private final Path folder;
    private final String url;

    private ApiPeer(Process process, Path folder, String url) {
        this.process = process;
        this.folder = folder;
        this.url = url;
    }

    /** @return the Python that has what the peer needs; null if none has */
    static @Nullable String python() throws IOException, InterruptedException {
        for (String python : List.of("python3", "/usr/bin/python3")) {
            if (has(python)) {
                return python;
            }
        }
        return null;
    }

    private static boolean has(String python) throws IOException, InterruptedException {
        Process asked;
        try {
            asked = new ProcessBuilder(python, "-c", MODULES)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            // there is no such program, which is what was asked
            return false;
        }
        if (!asked.waitFor(60, TimeUnit.SECONDS)) {
            asked.destroyForcibly();
            throw new IOException(python + " did not say within a minute whether it has " + PACKAGES);
        }
        return asked.exitValue() == 0;
    }

    /** @param databaseUrl for JDBC */
    static ApiPeer start(String python, String databaseUrl) throws IOException {
        Path folder = Files.createTempDirectory("holdfast-bench-peer");
        try (InputStream source = ApiPeer.class.getResourceAsStream(MODULE + ".py")) {
            if (source == null) {
                throw new IOException(MODULE + ".py is not in the bench's jar");
            }
            Files.copy(source, folder.resolve(MODULE + ".py"));
        }
        int workers = 2 * Runtime.getRuntime().availableProcessors() + 1;
        ProcessBuilder builder = new ProcessBuilder(
                        python,
                        "-m",
                        "gunicorn",
                        "--workers",
                        Integer.toString(workers),
                        "--bind",
                        "127.0.0.1:0",
                        "--chdir",
                        folder.toString(),
                        MODULE + ":app")
                .redirectErrorStream(true);
        builder.environment()
                .put(
                        "DATABASE_URL",
                        databaseUrl.replaceFirst(
                                "^jdbc:postgresql://",
                                "postgresql://" + ManagerState.OWNER + ":" + ManagerState.OWNER + "@"));
        Process process = builder.start();
        String url = ReadyProcess.await(process, READY, "bench-peer", "the peer did not start:\n");
        return new ApiPeer(process, folder, url);
    }

    String url() {
        return url;
    }

    @Override
    public void close() throws IOException {
        ReadyProcess.end(process, Duration.ofSeconds(10));
        BenchServer.delete(folder);
    }
}
