package io.holdfast.inventory.plugins;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.List;
import java.util.Set;

/** How far the installation of a plugin is on a manager or an agent, as workers report it. Source: the product's PluginInstallationState. */
public final class InstallationState {

    /** Where nobody has begun yet. */
    public static final String TO_BE_INSTALLED = "pending-install";

    public static final String INSTALLED = "installed";

    public static final String ERROR = "error";

    private static final List<String> STATES = List.of(
            TO_BE_INSTALLED, "installing", INSTALLED, ERROR, "pending-uninstall", "uninstalling", "uninstalled");

    /** States after which there may be something to remove. Source: the product, which tells these when a plugin is deleted. */
    public static final Set<String> MAY_BE_THERE = Set.of("installing", INSTALLED, ERROR);

    private InstallationState() {}

    /** @throws ManagerException storage_error if there is no such state */
    public static void check(String state) {
        if (!STATES.contains(state)) {
            throw new ManagerException(
                    ErrorCode.STORAGE, "invalid plugin installation state: \"" + state + "\"", "one of " + STATES);
        }
    }
}
