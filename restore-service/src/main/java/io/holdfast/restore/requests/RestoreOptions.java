package io.holdfast.restore.requests;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.language.PythonText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a restore request. Those up to {@code ignorePluginFailure} are the manager API's; docs/restore.md says what each does
 * here.
 *
 * @param timeout seconds to wait for the live tables at the swap
 * @param hashSalt of the source manager; never log it
 * @param dryRun whether to stage, decide and then drop it all
 * @param acceptClockSkew whether a clock behind the snapshot is accepted
 */
public record RestoreOptions(
        @Nullable String tenantName,
        boolean recreateDeploymentsEnvs,
        boolean force,
        boolean restoreCertificates,
        boolean noReboot,
        int timeout,
        boolean ignorePluginFailure,
        @Nullable String hashSalt,
        boolean dryRun,
        boolean acceptClockSkew) {

    private static final int DEFAULT_TIMEOUT = 300;

    /** A week: nobody means more. */
    private static final int MAX_TIMEOUT = 7 * 24 * 3600;

    /**
     * Reads a request's JSON object; keys that it does not know are left alone. Null is a wrong value of {@code force}, {@code
     * restore_certificates}, {@code no_reboot} and {@code timeout}, and the absence of one elsewhere, as for the existing API.
     *
     * @throws ManagerException BAD_PARAMETERS with the API's own texts
     */
    public static RestoreOptions of(Map<String, ?> body) {
        boolean force = flagIfGiven(body, "force");
        boolean restoreCertificates = flagIfGiven(body, "restore_certificates");
        boolean noReboot = flagIfGiven(body, "no_reboot");
        if (noReboot && !restoreCertificates) {
            throw bad("`no_reboot` is only relevant when `restore_certificates` is activated");
        }
        int timeout = body.containsKey("timeout") ? timeout(body.get("timeout")) : DEFAULT_TIMEOUT;
        return new RestoreOptions(
                text(body, "tenant_name"),
                flag(body, "recreate_deployments_envs"),
                force,
                restoreCertificates,
                noReboot,
                timeout,
                flag(body, "ignore_plugin_failure"),
                text(body, "hash_salt"),
                flag(body, "dry_run"),
                flag(body, "accept_clock_skew"));
    }

    /** As a dry run. */
    public RestoreOptions asDryRun() {
        return new RestoreOptions(
                tenantName,
                recreateDeploymentsEnvs,
                force,
                restoreCertificates,
                noReboot,
                timeout,
                ignorePluginFailure,
                hashSalt,
                true,
                acceptClockSkew);
    }

    /** With the salt, which is kept apart from the others. */
    public RestoreOptions withHashSalt(@Nullable String salt) {
        return new RestoreOptions(
                tenantName,
                recreateDeploymentsEnvs,
                force,
                restoreCertificates,
                noReboot,
                timeout,
                ignorePluginFailure,
                salt,
                dryRun,
                acceptClockSkew);
    }

    /** Under the names of the request; without the salt. */
    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        if (tenantName != null) {
            parameters.put("tenant_name", tenantName);
        }
        parameters.put("recreate_deployments_envs", recreateDeploymentsEnvs);
        parameters.put("force", force);
        parameters.put("restore_certificates", restoreCertificates);
        parameters.put("no_reboot", noReboot);
        parameters.put("timeout", timeout);
        parameters.put("ignore_plugin_failure", ignorePluginFailure);
        parameters.put("dry_run", dryRun);
        parameters.put("accept_clock_skew", acceptClockSkew);
        return parameters;
    }

    private static @Nullable String text(Map<String, ?> body, String name) {
        Object value = body.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw bad(name + " parameter is expected to be of type str but is of type " + PythonText.typeName(value));
    }

    private static boolean flag(Map<String, ?> body, String name) {
        return body.get(name) != null && flagIfGiven(body, name);
    }

    private static boolean flagIfGiven(Map<String, ?> body, String name) {
        if (!body.containsKey(name)) {
            return false;
        }
        Object value = body.get(name);
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof String text && (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))) {
            return text.equalsIgnoreCase("true");
        }
        throw bad(name + " must be <true/false>, got " + PythonText.str(value));
    }

    private static int timeout(@Nullable Object value) {
        long seconds;
        try {
            seconds = value instanceof Number number
                    ? number.longValue()
                    : Long.parseLong(PythonText.str(value).strip());
        } catch (NumberFormatException e) {
            throw bad("invalid parameter, should be int, got: " + PythonText.str(value));
        }
        if (seconds < 0 || seconds > MAX_TIMEOUT) {
            throw bad("timeout must be 0 to " + MAX_TIMEOUT + " seconds, got: " + seconds);
        }
        return (int) seconds;
    }

    private static ManagerException bad(String text) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, text, null);
    }

    @Override
    public String toString() {
        return "RestoreOptions" + parameters();
    }
}
