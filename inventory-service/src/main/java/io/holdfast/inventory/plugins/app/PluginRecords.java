package io.holdfast.inventory.plugins.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.plugins.PluginDescription;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Visibility;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of plugins, for writing. Each change belongs to the transaction that runs. */
public interface PluginRecords {

    record New(
            String tenant,
            String id,
            String title,
            PluginDescription description,
            String archiveSha256,
            String wagonSha256,
            Visibility visibility,
            String createdBy,
            Instant uploadedAt) {}

    /** Where a plugin is to be installed. @param agent true: an agent's name; false: a manager's */
    record Place(boolean agent, String name) {}

    /** One that the caller sees; {@code not_found_error}. */
    Owned visible(String id, CallerIdentity caller);

    /** Of the caller's own tenant; {@code not_found_error}, {@code illegal_action_error}. */
    Owned own(String id, CallerIdentity caller);

    /**
     * @throws io.holdfast.contracts.errors.ManagerException {@code conflict_error} where the package has been uploaded under this archive's
     *     name, here or globally, or the id is taken
     */
    void add(New plugin);

    /** Refused where another tenant has the same package under the same archive's name. */
    void visibility(Owned plugin, Visibility visibility);

    void createdBy(Owned plugin, String username);

    /** Sets {@code labels}, {@code blueprint_labels}, {@code resource_tags}: JSON as text. */
    void set(Owned plugin, Map<String, String> fields);

    /** In place of what was said of the place before. */
    void state(Owned plugin, Place place, String state, @Nullable String error);

    /** Whether this is what was last said of the place. */
    boolean isInState(Owned plugin, Place place, String state);

    /** Names of the managers of which one of these was last said. */
    List<String> managersInState(Owned plugin, Collection<String> states);

    boolean hasAgent(String name, CallerIdentity caller);

    /** Whether something was said of a plugin, of whatever tenant, on a manager of this name. */
    boolean hasHeardOfManager(String name);

    /** Ids of blueprints whose plans use this package in this version. */
    List<String> blueprints(Owned plugin);

    /** @return the SHA-256 of what it referred to */
    List<String> remove(Owned plugin);
}
