package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What is stored of deployments above others, for questions that choose by it, against what each of them shows. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class DeploymentStatusesIT extends WritesCase {

    private static final int DEPLOYMENTS = 9;

    private static final String FIELDS =
            "id,sub_services_count,sub_environments_count,sub_services_status,sub_environments_status,deployment_status";

    private static final String ASKED = "/deployments?_sort=deployment_status&_include=id";

    @Test
    void whateverHappensWhatIsStoredIsWhatIsShown() throws SQLException {
        for (long seed = 1; seed <= 12; seed++) {
            rows.clear();
            Random random = new Random(seed);
            List<String> done = new ArrayList<>();
            for (int step = 1; step <= 40; step++) {
                String change = change(random);
                done.add(change);
                rows.execute(change);
                if (random.nextInt(3) == 0) {
                    bob.get(ASKED);
                    assertThat(stored()).as("seed %d: %s", seed, done).isEqualTo(shown());
                }
            }
            // when all are added up anew
            bob.get(ASKED);
            List<String> before = stored();
            rows.execute("SELECT access.note_all_statuses('inventory')");
            bob.get(ASKED);
            // then
            assertThat(stored()).as("seed %d: %s", seed, done).isEqualTo(before);
            assertThat(rows.count("inventory.status_changes")).isZero();
        }
    }

    private static String change(Random random) {
        String id = deployment(random);
        String parents = "deployment_id = '" + id + "' AND key = 'csys-obj-parent'";
        return switch (random.nextInt(9)) {
            case 0, 1 ->
                "INSERT INTO inventory.deployments (tenant_name, id, latest_execution_status, installation_status, deployment_status)"
                        + " VALUES ('t1', '" + id + "', " + status(random) + ") ON CONFLICT DO NOTHING";
            case 2, 3 -> label(id, "csys-obj-parent", deployment(random));
            case 4 -> label(id, "csys-obj-type", "environment");
            case 5 ->
                "UPDATE inventory.deployments SET (latest_execution_status, installation_status, deployment_status) = ("
                        + status(random) + ") WHERE tenant_name = 't1' AND id = '" + id + "'";
            case 6 -> "DELETE FROM inventory.deployment_labels WHERE deployment_id = '" + id + "'";
            case 7 ->
                random.nextBoolean()
                        ? "UPDATE inventory.deployment_labels SET value = '" + deployment(random) + "' WHERE " + parents
                                + " AND 1 = (SELECT count(*) FROM inventory.deployment_labels WHERE " + parents + ")"
                        : "UPDATE inventory.deployments SET deployment_status = 'good' WHERE id = '" + id
                                + "' AND sub_services_count + sub_environments_count > 0";
            default -> removal(id, random.nextBoolean());
        };
    }

    private static String label(String deployment, String key, String value) {
        return "INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value) SELECT tenant_name, id, '"
                + key + "', '" + value + "' FROM inventory.deployments WHERE id = '" + deployment
                + "' ON CONFLICT DO NOTHING";
    }

    private static String removal(String deployment, boolean labelsFirst) {
        String labels = "DELETE FROM inventory.deployment_labels WHERE deployment_id = '" + deployment + "'";
        String itself = "DELETE FROM inventory.deployments WHERE id = '" + deployment + "'";
        return labelsFirst ? labels + "; " + itself : itself + "; " + labels;
    }

    private static String deployment(Random random) {
        return "d" + random.nextInt(DEPLOYMENTS);
    }

    /** Of the newest execution, of the installation, and what of both follows. */
    private static String status(Random random) {
        return List.of(
                        "'terminated', 'active', 'good'",
                        "'terminated', 'inactive', 'requires_attention'",
                        "'started', 'active', 'in_progress'",
                        "'failed', 'active', 'requires_attention'")
                .get(random.nextInt(4));
    }

    private List<String> shown() {
        return StreamSupport.stream(
                        bob.get("/deployments?_sort=id&_include=" + FIELDS)
                                .get("items")
                                .spliterator(),
                        false)
                .map(DeploymentStatusesIT::line)
                .toList();
    }

    private static String line(JsonNode item) {
        List<String> values = new ArrayList<>();
        for (String field : FIELDS.split(",", -1)) {
            values.add(item.get(field).asText());
        }
        return String.join(" ", values);
    }

    private List<String> stored() throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = rows.connection().createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT " + FIELDS + " FROM inventory.deployments ORDER BY id")) {
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (String field : FIELDS.split(",", -1)) {
                    values.add(String.valueOf(row.getString(field)));
                }
                lines.add(String.join(" ", values));
            }
        }
        return lines;
    }

    @Test
    void aChangeThatWasNotSeenIsAddedUpByTheNextQuestion() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO inventory.deployments (tenant_name, id, latest_execution_status, installation_status, deployment_status) VALUES
                    ('t1', 'root', 'terminated', 'active', 'good'), ('t1', 'bad', 'failed', 'active', 'requires_attention'),
                    ('t1', 'fine', 'terminated', 'active', 'good')""");
        try (Rows others = new Rows(config)) {
            others.connection().setAutoCommit(false);
            others.execute("INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value)"
                    + " VALUES ('t1', 'bad', 'csys-obj-parent', 'root')");
            rows.execute("INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value)"
                    + " VALUES ('t1', 'fine', 'csys-obj-parent', 'root')");
            // when
            List<String> before = bob.texts("/deployments?deployment_status=good&_sort=id&_include=id", "id");
            assertThat(stored()).contains("root 1 0 good null good");
            others.connection().commit();
            // then
            assertThat(before).containsExactly("fine", "root");
            assertThat(bob.texts("/deployments?deployment_status=good&_sort=id&_include=id", "id"))
                    .containsExactly("fine");
            assertThat(stored()).contains("root 2 0 requires_attention null requires_attention");
        }
    }
}
