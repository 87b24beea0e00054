package io.holdfast.inventory.plugins.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.language.PythonText;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.plugins.InstallationState;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.listing.ListRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Changes and removes plugins, and keeps what managers and agents say of their installation. Source: cloudify-api section 9. */
@ApplicationScoped
public class ChangePlugin {

    private static final String NOBODY_INSTALLS =
            "nothing here installs plugins: the manager does not do so itself, and no workers are attached"
                    + " (holdfast.workflow.bridge.enabled is off). Attach workers as docs/cloudify-bridge.md says and try again, or"
                    + " install the plugin there and report it with PUT /plugins/ID and the state installed";

    /** What workers show, and nobody else. */
    private static final Set<String> WORKERS = Set.of("execution_token", "plugin_token");

    private final PluginRecords records;
    private final Plugins plugins;
    private final PluginWorkers workers;
    private final ContentLibrary content;
    private final PluginsConfig config;
    private final Directory directory;

    ChangePlugin(
            PluginRecords records,
            Plugins plugins,
            PluginWorkers workers,
            ContentLibrary content,
            PluginsConfig config,
            Directory directory) {
        this.records = records;
        this.plugins = plugins;
        this.workers = workers;
        this.content = content;
        this.config = config;
        this.directory = directory;
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

    /**
     * Marks it as to be installed there, where workers are attached that do so and report it, and tells those of managers. Without any it
     * is marked as failed, for whoever waits for its end; a place where it is installed stays as it is.
     */
    @Transactional
    public void install(String id, List<PluginRecords.Place> places, CallerIdentity caller) {
        Owned plugin = records.visible(id, caller);
        requireKnown(places, caller);
        if (!config.installedByWorkers()) {
            places.forEach(place -> fail(plugin, place));
            return;
        }
        List<PluginRecords.Place> managers =
                places.stream().filter(place -> !place.agent()).toList();
        List<PluginRecords.Place> installed = managers.stream()
                .filter(place -> records.isInState(plugin, place, InstallationState.INSTALLED))
                .toList();
        for (PluginRecords.Place place : places) {
            records.state(plugin, place, InstallationState.TO_BE_INSTALLED, null);
        }
        // At the end: a worker that is quick waits for this transaction before it reports.
        if (!managers.isEmpty() && !workers.install(described(id, caller), names(managers), caller)) {
            managers.stream()
                    .filter(place -> !installed.contains(place))
                    .forEach(place -> records.state(plugin, place, InstallationState.ERROR, NOBODY_INSTALLS));
            installed.forEach(place -> records.state(plugin, place, InstallationState.INSTALLED, null));
        }
    }

    private void fail(Owned plugin, PluginRecords.Place place) {
        if (!records.isInState(plugin, place, InstallationState.INSTALLED)) {
            records.state(plugin, place, InstallationState.ERROR, NOBODY_INSTALLS);
        }
    }

    private static List<String> names(List<PluginRecords.Place> places) {
        return places.stream().map(PluginRecords.Place::name).distinct().toList();
    }

    private ObjectNode described(String id, CallerIdentity caller) {
        return plugins.get(id, ListRequest.parseGet(Map.of()), caller).json();
    }

    /** What a manager or an agent says of its installation. @throws ManagerException storage_error for an unknown state */
    @Transactional
    public void state(
            String id, PluginRecords.Place place, String state, @Nullable String error, CallerIdentity caller) {
        Owned plugin = records.visible(id, caller);
        // A worker is there, by whatever name.
        if (!WORKERS.contains(caller.authMethod()) && !isKnown(place, caller)) {
            throw place.agent()
                    ? missing("Agent", "name", place.name(), null)
                    : missing(
                            "Manager",
                            "hostname",
                            place.name(),
                            "managers are those of GET /managers, and those of which a worker has reported a plugin");
        }
        InstallationState.check(state);
        records.state(plugin, place, state, error);
    }

    private static ManagerException missing(String model, String field, String name, @Nullable String hint) {
        return new ManagerException(
                ErrorCode.NOT_FOUND,
                "Requested `" + model + "` with ID `None` was not found (filters: {'" + field + "': "
                        + PythonText.repr(name) + "})",
                hint);
    }

    /** Which workers are attached, nobody knows: over the broker each looks whether it is meant. */
    private void requireKnown(List<PluginRecords.Place> places, CallerIdentity caller) {
        Map<Boolean, List<PluginRecords.Place>> missing = places.stream()
                .filter(place -> place.agent() || !config.installedByWorkers())
                .filter(place -> !isKnown(place, caller))
                .collect(Collectors.groupingBy(PluginRecords.Place::agent));
        for (boolean agents : List.of(false, true)) {
            List<String> names = names(missing.getOrDefault(agents, List.of()));
            if (!names.isEmpty()) {
                throw new ManagerException(
                        ErrorCode.NOT_FOUND,
                        "Cannot install: requested " + (agents ? "agents" : "managers") + " do not exist: "
                                + String.join(", ", names),
                        null);
            }
        }
    }

    /** A worker that is attached may go by a name of its own, which is known once it has reported something. */
    private boolean isKnown(PluginRecords.Place place, CallerIdentity caller) {
        return place.agent()
                ? records.hasAgent(place.name(), caller)
                : records.hasHeardOfManager(place.name()) || directory.hasManager(place.name());
    }

    /**
     * Workers that have it installed are told to remove it, too.
     *
     * @param force removes it even if blueprints use it
     */
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
        List<String> managers = config.installedByWorkers()
                ? records.managersInState(plugin, InstallationState.MAY_BE_THERE)
                : List.of();
        if (managers.isEmpty()) {
            drop(plugin);
        } else {
            ObjectNode described = described(id, caller);
            drop(plugin);
            workers.uninstall(described, managers, caller);
        }
    }

    private void drop(Owned plugin) {
        records.remove(plugin).forEach(content::dropIfUnused);
    }
}
