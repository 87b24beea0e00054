package io.holdfast.restore.loading;

import org.jspecify.annotations.Nullable;

/**
 * What the request says that concerns the loading. Source of the first five: the manager API's restore request.
 *
 * @param tenantName the tenant that data of archives without tenants goes to; null: {@code default_tenant}
 * @param recreateDeploymentsEnvs whether deployments of archives without environment data get them made anew
 * @param ignorePluginFailure whether a plugin that cannot be read is a warning instead of the end
 * @param restoreCertificates whether certificates of the archive are wanted
 * @param hashSalt salt of the source manager's password hashes (Cloudify's {@code hash_salt}), null if not given; never log it
 * @param workers connections that may load at once, at least 1
 */
public record LoadOptions(
        @Nullable String tenantName,
        boolean recreateDeploymentsEnvs,
        boolean ignorePluginFailure,
        boolean restoreCertificates,
        @Nullable String hashSalt,
        int workers) {

    /** Where nothing is asked for. */
    public static final LoadOptions DEFAULTS = new LoadOptions(null, false, false, false, null, 2);

    public LoadOptions {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1: " + workers);
        }
    }

    @Override
    public String toString() {
        return "LoadOptions[tenantName=" + tenantName + ", hashSalt=" + (hashSalt == null ? "none" : "given") + "]";
    }
}
