package io.holdfast.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The least that an answer with a page of executions costs on this machine: Vert.x takes the request, a worker reads the page by JDBC and
 * writes it as JSON. It knows no users, no tenants, no totals and no filters. In a process of its own, with the heap of a manager.
 */
final class ApiFloor implements AutoCloseable {

    /** First argument of the process. */
    static final String CHILD = "api-floor";

    /** What a manager's answer shows of an execution, in the order of a list. */
    private static final String PAGE = """
            SELECT created_at, started_at, ended_at, scheduled_for, id, workflow_id, deployment_id, deployment_display_name, blueprint_id,
                   status, error, parameters, is_system_workflow, is_dry_run, allow_custom_parameters, resume,
                   coalesce(total_operations, 0) AS total_operations, coalesce(finished_operations, 0) AS finished_operations,
                   visibility, tenant_name, created_by
              FROM scheduler.executions WHERE tenant_name = 'default_tenant' AND NOT is_system_workflow
             ORDER BY created_at, storage_id LIMIT 100""";

    private static final Pattern READY = Pattern.compile("listening on (\\d+)");
    private static final JsonFactory JSON = new JsonFactory();

    private final Process process;
    private final String url;

    private ApiFloor(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    static ApiFloor start(String databaseUrl) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms64m",
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SnapshotBench.class.getName(),
                        CHILD,
                        databaseUrl)
                .redirectErrorStream(true)
                .start();
        String port = ReadyProcess.await(process, READY, "bench-floor", "the floor did not start:\n");
        return new ApiFloor(process, "http://127.0.0.1:" + port + "/");
    }

    String url() {
        return url;
    }

    /** The process itself: serves until it is killed. */
    static void serve(List<String> arguments, PrintStream out) throws SQLException {
        AgroalDataSource database = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(16)
                        .acquisitionTimeout(Duration.ofSeconds(30))
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(arguments.get(0))
                                .principal(new NamePrincipal(ManagerState.OWNER))
                                .credential(new SimplePassword(ManagerState.OWNER)))));
        Vertx vertx = Vertx.vertx();
        HttpServer server = vertx.createHttpServer();
        server.requestHandler(request -> vertx.executeBlocking(() -> page(database), false)
                .onSuccess(body -> request.response()
                        .putHeader("Content-Type", "application/json")
                        .end(body))
                .onFailure(failure -> request.response().setStatusCode(500).end(String.valueOf(failure.getMessage()))));
        server.listen(0, "127.0.0.1")
                .onSuccess(listening -> out.println("listening on " + listening.actualPort()))
                .onFailure(failure -> out.println("not listening: " + failure));
    }

    private static Buffer page(AgroalDataSource database) throws SQLException, IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(64 * 1024);
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(PAGE);
                ResultSet row = statement.executeQuery();
                JsonGenerator json = JSON.createGenerator(body)) {
            ResultSetMetaData columns = row.getMetaData();
            json.writeStartObject();
            json.writeArrayFieldStart("items");
            while (row.next()) {
                json.writeStartObject();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    json.writeFieldName(columns.getColumnLabel(i));
                    String value = row.getString(i);
                    if (value == null) {
                        json.writeNull();
                    } else if ("jsonb".equals(columns.getColumnTypeName(i))) {
                        json.writeRawValue(value);
                    } else {
                        json.writeString(value);
                    }
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return Buffer.buffer(body.toByteArray());
    }

    @Override
    public void close() {
        ReadyProcess.end(process, Duration.ofSeconds(10));
    }
}
