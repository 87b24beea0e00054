package io.holdfast.workflow.bridge.app;

import io.holdfast.workflow.bridge.Letters;
import io.holdfast.workflow.bridge.PluginTask;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;

/** Has attached workers install or remove a plugin. */
@ApplicationScoped
public class TellOfPlugin {

    private static final Logger LOG = Logger.getLogger(TellOfPlugin.class);

    private final BridgeConfig config;
    private final Letters letters;

    TellOfPlugin(BridgeConfig config, Letters letters) {
        this.config = config;
        this.letters = letters;
    }

    /**
     * @param username on whose behalf
     * @param plugin as the API shows it
     * @param managers names of the workers that are to do it
     */
    public record Request(String tenantName, String username, Map<String, Object> plugin, List<String> managers) {}

    /** @return whether workers are told, which they are with the bridge on only */
    @Transactional
    public boolean tell(PluginTask task, Request request) {
        if (!config.enabled()) {
            return false;
        }
        letters.append(task.letter(
                request.tenantName(), request.username(), request.plugin(), request.managers(), config.restHosts()));
        LOG.infof(
                "Workers of %s are told to %s plugin %s",
                request.managers(),
                task.name().toLowerCase(Locale.ROOT),
                request.plugin().get("id"));
        return true;
    }
}
