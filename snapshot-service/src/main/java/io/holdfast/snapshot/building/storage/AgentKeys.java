package io.holdfast.snapshot.building.storage;

import io.holdfast.state.StateSection;
import java.util.List;
import java.util.Set;

/**
 * Where private keys of agents are: the texts at {@code cloudify_agent.key} and {@code agent_config.key} in the properties of nodes and
 * the runtime properties of node instances. References ({@code {"get_secret": …}}) are no keys.
 */
final class AgentKeys {

    /** Objects that hold a {@code key}. */
    static final List<String> HOLDERS = List.of("cloudify_agent", "agent_config");

    private static final Set<String> COLUMNS =
            Set.of("inventory.nodes.properties", "inventory.node_instances.runtime_properties");

    private AgentKeys() {}

    /** SQL of a column without the keys in it: such texts become null; everything else is as it was. */
    static String withoutKeys(StateSection section, String column, String sql) {
        if (!COLUMNS.contains(section.schema() + "." + section.table() + "." + column)) {
            return sql;
        }
        String result = sql;
        for (String holder : HOLDERS) {
            result = "CASE WHEN jsonb_typeof(" + sql + " #> '{" + holder + ",key}') = 'string' THEN jsonb_set(" + result
                    + ", '{" + holder + ",key}', 'null', false) ELSE " + result + " END";
        }
        return result;
    }
}
