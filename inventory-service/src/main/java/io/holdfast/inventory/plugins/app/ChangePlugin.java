package io.holdfast.inventory.plugins.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.plugins.InstallationState;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes and removes plugins, and keeps what managers and agents say of their installation. Source: cloudify-api section 9. */
@ApplicationScoped
public class ChangePlugin {

    private final PluginRecords records;
    private final ContentLibrary content;

    ChangePlugin(PluginRecords records, ContentLibrary content) {
        this.records = records;
        this.content = content;
    }

    @Transactional
    public void visibility(String id, Visibility visibility, CallerIdentity caller) {
        records.visibility(records.own(id, caller), visibility);
    }

    /**
     * @param createdBy null: as it is
     * @param fields JSON as text, by column
     */
    @Transactional
    public void change(String id, @Nullable String createdBy, Map<String, String> fields, CallerIdentity caller) {
        Owned plugin = records.own(id, caller);
        if (createdBy != null) {
            records.createdBy(plugin, createdBy);
        }
        records.set(plugin, fields);
    }

    /** Marks it as to be installed there; workers that are attached install it and report. */
    @Transactional
    public void install(String id, List<PluginRecords.Place> places, CallerIdentity caller) {
        Owned plugin = records.visible(id, caller);
        for (PluginRecords.Place place : places) {
            requireKnown(place, caller);
            records.state(plugin, place, InstallationState.TO_BE_INSTALLED, null);
        }
    }

    /** What a manager or an agent says of its installation. @throws ManagerException storage_error for an unknown state */
    @Transactional
    public void state(
            String id, PluginRecords.Place place, String state, @Nullable String error, CallerIdentity caller) {
        Owned plugin = records.visible(id, caller);
        requireKnown(place, caller);
        InstallationState.check(state);
        records.state(plugin, place, state, error);
    }

    private void requireKnown(PluginRecords.Place place, CallerIdentity caller) {
        if (place.agent() && !records.hasAgent(place.name(), caller)) {
            throw Refusals.notFound("Agent", place.name());
        }
    }

    /** @param force removes it even if blueprints use it */
    @Transactional
    public void remove(String id, boolean force, CallerIdentity caller) {
        Owned plugin = records.own(id, caller);
        List<String> blueprints = force ? List.of() : records.blueprints(plugin);
        if (!blueprints.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.PLUGIN_IN_USE,
                    "Plugin \"" + id + "\" is currently in use in blueprints: " + String.join(", ", blueprints)
                            + ". You can \"force\" plugin removal if needed.",
                    "delete these blueprints first, or pass force");
        }
        records.remove(plugin).forEach(content::dropIfUnused);
    }
}
