package io.holdfast.gateway.authentication;

import io.holdfast.gateway.access.Account;
import org.jspecify.annotations.Nullable;

/**
 * A request whose caller is known.
 *
 * @param method how it was proved: {@code http_basic}, {@code token}, {@code execution_token} or {@code plugin_token}
 * @param tenantExists whether there is the tenant that the request names; true where it names none
 * @param executionId the execution on whose behalf its worker calls; null for everybody else
 * @param errand what the caller is confined to; null for those who are not
 */
public record Authenticated(
        Account account,
        String method,
        boolean tenantExists,
        @Nullable String executionId,
        @Nullable PluginErrand errand) {

    /** Of a caller that is no worker of an execution. */
    public Authenticated(Account account, String method, boolean tenantExists) {
        this(account, method, tenantExists, null, null);
    }

    public static final String HTTP_BASIC = "http_basic";

    public static final String TOKEN = "token";

    public static final String EXECUTION_TOKEN = "execution_token";

    public static final String PLUGIN_TOKEN = "plugin_token";
}
