package io.holdfast.snapshot.building.storage;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.archive.ArchiveNames;
import io.holdfast.archive.ArchiveWriter;
import io.holdfast.state.StateSchemas;
import io.holdfast.state.secrets.DataKeys;
import io.holdfast.state.secrets.SecretBox;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code agents.json} (what the install_new_agents workflow needs to reach agents through the broker that they know) and, if
 * asked for, the agents' private keys in {@code snapshot-credentials/}.
 */
record AgentsTask(boolean includeCredentials, DataKeys dataKeys) implements PgStateExport.Task {

    private static final int FETCH_ROWS = 200;
    private static final JsonFactory JSON = new JsonFactory();

    @Override
    public void run(Connection connection, ArchiveWriter.Worker worker) throws SQLException, IOException {
        worker.document(ArchiveNames.AGENTS, out -> agents(connection, out));
        if (includeCredentials) {
            keys(connection, worker);
        }
    }

    private static void agents(Connection connection, OutputStream out) throws IOException {
        String inventory = StateSchemas.LIVE.inventory();
        String sql = """
                SELECT e.tenant_name, coalesce(e.deployment_id, i.deployment_id, ''), coalesce(e.node_id, i.node_id, ''), e.node_instance_id,
                       e.version, NULL,
                       coalesce(i.runtime_properties #>> '{cloudify_agent,broker_ip}', i.runtime_properties #>> '{cloudify_agent,broker_config,broker_ip}'),
                       coalesce(i.runtime_properties #>> '{cloudify_agent,broker_ssl_cert}', i.runtime_properties #>> '{cloudify_agent,broker_config,broker_ssl_cert}'),
                       coalesce(i.runtime_properties #>> '{cloudify_agent,broker_ssl_enabled}', i.runtime_properties #>> '{cloudify_agent,broker_config,broker_ssl_enabled}')
                  FROM %1$s.agents e
                  LEFT JOIN %1$s.node_instances i ON i.tenant_name = e.tenant_name AND i.id = e.node_instance_id
                 ORDER BY 1, 2, 3, 4, e.storage_id
                """.formatted(inventory);
        try (JsonGenerator json = JSON.createGenerator(out, JsonEncoding.UTF8);
                Statement statement = connection.createStatement()) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.useDefaultPrettyPrinter();
            statement.setFetchSize(FETCH_ROWS);
            json.writeStartObject();
            @Nullable String[] open = new @Nullable String[3];
            String last = null;
            try (ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    int same = 0;
                    while (same < 3 && Objects.equals(open[same], row.getString(same + 1))) {
                        same++;
                    }
                    if (same == 3 && row.getString(4).equals(last)) {
                        continue;
                    }
                    for (int level = 2; level >= same; level--) {
                        if (open[level] != null) {
                            json.writeEndObject();
                        }
                    }
                    for (int level = same; level < 3; level++) {
                        open[level] = row.getString(level + 1);
                        json.writeObjectFieldStart(open[level]);
                    }
                    last = row.getString(4);
                    agent(json, row, last);
                }
            }
            for (int level = 2; level >= 0; level--) {
                if (open[level] != null) {
                    json.writeEndObject();
                }
            }
            json.writeEndObject();
        } catch (SQLException e) {
            throw new IOException("agents cannot be read: " + e.getMessage(), e);
        }
    }

    private static void agent(JsonGenerator json, ResultSet row, String instance) throws SQLException, IOException {
        json.writeObjectFieldStart(instance);
        json.writeStringField("version", row.getString(5));
        json.writeObjectFieldStart("broker_config");
        json.writeStringField("broker_ip", row.getString(7));
        json.writeStringField("broker_ssl_cert", row.getString(8));
        String ssl = row.getString(9);
        if (ssl == null) {
            json.writeNullField("broker_ssl_enabled");
        } else {
            json.writeBooleanField("broker_ssl_enabled", Boolean.parseBoolean(ssl));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /**
     * One file a node: the key's text from the node's properties or those of its first instance; for a reference to a secret, the
     * secret's value. A text that is no key (a path on the former manager) is left where it is, in the properties.
     */
    private void keys(Connection connection, ArchiveWriter.Worker worker) throws SQLException, IOException {
        String inventory = StateSchemas.LIVE.inventory();
        Optional<SecretBox> box = dataKeys.box(connection, StateSchemas.LIVE);
        String sql = """
                SELECT tenant_name, deployment_id, node_id, key #>> '{}', key #>> '{get_secret}' FROM (
                  SELECT n.tenant_name, n.deployment_id, n.id AS node_id, n.storage_id, 0 AS rank,
                         coalesce(n.properties #> '{cloudify_agent,key}', n.properties #> '{agent_config,key}') AS key
                    FROM %1$s.nodes n
                  UNION ALL
                  SELECT i.tenant_name, i.deployment_id, i.node_id, i.storage_id, 1,
                         coalesce(i.runtime_properties #> '{cloudify_agent,key}', i.runtime_properties #> '{agent_config,key}')
                    FROM %1$s.node_instances i) k
                 WHERE jsonb_typeof(key) IN ('string', 'object')
                 ORDER BY tenant_name, deployment_id, node_id, rank, storage_id
                """.formatted(inventory);
        Set<String> written = new HashSet<>();
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_ROWS);
            try (ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    String name = ArchiveNames.agentKey(row.getString(1), row.getString(2), row.getString(3));
                    String secret = row.getString(5);
                    String key = secret == null ? row.getString(4) : secret(connection, box, row.getString(1), secret);
                    if (key != null && key.contains("-----BEGIN") && written.add(name)) {
                        worker.file(name, key.getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
        }
    }

    private static @Nullable String secret(
            Connection connection, Optional<SecretBox> box, String tenant, String secretKey) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT tenant_name, value_enc FROM "
                + StateSchemas.LIVE.inventory()
                + ".secrets WHERE key = ? AND (tenant_name = ? OR visibility = 'global')"
                + " ORDER BY tenant_name <> ? LIMIT 1")) {
            query.setString(1, secretKey);
            query.setString(2, tenant);
            query.setString(3, tenant);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next() || row.getString(2) == null || box.isEmpty()) {
                    return null;
                }
                return box.get().open(row.getString(2), SecretBox.aad("secrets", row.getString(1), secretKey));
            }
        }
    }
}
