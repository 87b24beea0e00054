package io.holdfast.inventory.plugins.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.inventory.plugins.app.PluginWorkers;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Asks the workflow-service, to whose bridge they are attached. */
@Singleton
class BridgePluginWorkers implements PluginWorkers {

    private final InternalHttp http;
    private final Clock clock;

    BridgePluginWorkers(InternalHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    @Override
    public boolean install(ObjectNode plugin, List<String> managers, CallerIdentity caller) {
        return tell("install", plugin, managers, caller);
    }

    @Override
    public boolean uninstall(ObjectNode plugin, List<String> managers, CallerIdentity caller) {
        return tell("uninstall", plugin, managers, caller);
    }

    private boolean tell(String task, ObjectNode plugin, List<String> managers, CallerIdentity caller) {
        return http.to("workflow")
                .as(CallerIdentity.ofService("inventory", clock.instant()).in(caller.tenant()))
                .post(
                        "/plugin-tasks/" + task,
                        Map.of("username", caller.username(), "plugin", plugin, "managers", managers),
                        JsonNode.class)
                .path("told")
                .asBoolean();
    }
}
