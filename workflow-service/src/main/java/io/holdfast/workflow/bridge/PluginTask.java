package io.holdfast.workflow.bridge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What workers are made to do with a plugin outside of any execution. Source: the product's workflow_executor and the service tasks of its
 * workers. The field {@code rest_port} of its last releases is left out: workers before them refuse it.
 */
public enum PluginTask {
    INSTALL(Letter.Kind.INSTALL_PLUGIN, "install-plugin"),
    UNINSTALL(Letter.Kind.UNINSTALL_PLUGIN, "uninstall-plugin");

    private final Letter.Kind kind;
    private final String taskName;

    PluginTask(Letter.Kind kind, String taskName) {
        this.kind = kind;
        this.taskName = taskName;
    }

    /**
     * @param username who asked for it
     * @param plugin as the API shows it, with its {@code id}
     * @param managers names of the workers that are to do it; each is told, and the others leave it
     * @param restHosts where workers reach the API
     */
    public Letter letter(
            String tenantName,
            String username,
            Map<String, Object> plugin,
            List<String> managers,
            List<String> restHosts) {
        Map<String, Object> described = new LinkedHashMap<>(plugin);
        // Workers write it into their logs, as that of a blueprint's plugin.
        described.put("name", String.valueOf(plugin.get("package_name")));
        Map<String, Object> kwargs = new LinkedHashMap<>();
        kwargs.put("plugin", described);
        kwargs.put("rest_host", restHosts);
        kwargs.put("tenant", Map.of("name", tenantName));
        kwargs.put("target", managers);
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("task_name", taskName);
        task.put("kwargs", kwargs);
        return new Letter(
                kind, tenantName, String.valueOf(plugin.get("id")), null, username, Map.of("service_task", task));
    }
}
