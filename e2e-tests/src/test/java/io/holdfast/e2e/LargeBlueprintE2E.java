package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A blueprint whose plan has 45 MB, as each of its 2,000 nodes repeats the operations of its type, in a manager with the memory that
 * {@code ./holdfast up} gives it: one that has run out of memory is gone.
 */
class LargeBlueprintE2E {

    private static final int NODES = 2_000;

    @TempDir
    Path folder;

    @Test
    void itIsUploadedSearchedListedAndDeployed() {
        try (Stack stack = Stack.start(folder.resolve("data"))) {
            Api api = stack.api();
            byte[] blueprint = WorkflowsE2E.zip(blueprint());
            assertThat(api.uploadForm("/api/v3.1/blueprints/validated", "{\"validate_only\": true}", blueprint)
                            .status())
                    .as("validated alone")
                    .isEqualTo(201);
            for (String id : new String[] {"large", "larger"}) {
                Api.Answer uploaded = api.uploadForm("/api/v3.1/blueprints/" + id, "{}", blueprint);
                assertThat(uploaded.status()).isEqualTo(201);
                assertThat(uploaded.json().at("/plan/nodes")).hasSize(NODES);
            }
            JsonNode listed = api.getOk("/api/v3.1/blueprints");
            assertThat(listed.at("/items/0/plan/nodes")).hasSize(NODES);
            assertThat(listed.at("/items/1/plan")).isEqualTo(listed.at("/items/0/plan"));
            JsonNode found = api.post("/api/v3.1/searches/nodes?blueprint_id=large&_search=node_1999", "{}")
                    .json();
            assertThat(found.at("/items/0/id").asText()).isEqualTo("node_1999");
            assertThat(found.at("/metadata/filtered").asInt()).isEqualTo(NODES - 1);
            for (String id : new String[] {"one", "another"}) {
                Api.Answer made = api.put("/api/v3.1/deployments/" + id, "{\"blueprint_id\": \"large\"}");
                assertThat(made.status()).as(made.body()).isEqualTo(201);
                JsonNode instances = api.getOk("/api/v3.1/node-instances?_size=1&deployment_id=" + id);
                assertThat(instances.at("/metadata/pagination/total").asInt()).isEqualTo(NODES);
            }
        }
    }

    private static String blueprint() {
        StringBuilder text = new StringBuilder("""
                tosca_definitions_version: cloudify_dsl_1_4
                imports: [cloudify/types/types.yaml]
                node_templates:
                  node_0: {type: cloudify.nodes.Root}
                """);
        for (int i = 1; i < NODES; i++) {
            text.append("  node_")
                    .append(i)
                    .append(": {type: cloudify.nodes.Root, relationships: [{type: cloudify.relationships.connected_to,"
                            + " target: node_")
                    .append(i % 50 == 0 ? 0 : i - 1)
                    .append("}]}\n");
        }
        return text.toString();
    }
}
