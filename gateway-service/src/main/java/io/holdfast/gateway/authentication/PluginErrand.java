package io.holdfast.gateway.authentication;

import org.jspecify.annotations.Nullable;

/**
 * What a worker is confined to that was sent for a plugin, or to run a hook.
 *
 * @param pluginId null: all plugins that its user sees in the tenant
 * @param executionId the execution that a hook tells of; null where it is none
 */
public record PluginErrand(
        String tenantName,
        @Nullable String pluginId,
        @Nullable String executionId) {

    /** Whether it is about this plugin, too. */
    public boolean concerns(String id) {
        return pluginId == null || pluginId.equals(id);
    }
}
