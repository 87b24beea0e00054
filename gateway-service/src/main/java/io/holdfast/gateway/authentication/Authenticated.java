package io.holdfast.gateway.authentication;

import io.holdfast.gateway.access.Account;

/**
 * A request whose caller is known.
 *
 * @param method how it was proved: {@code http_basic} or {@code token}
 * @param tenantExists whether there is the tenant that the request names; true where it names none
 */
public record Authenticated(Account account, String method, boolean tenantExists) {

    public static final String HTTP_BASIC = "http_basic";

    public static final String TOKEN = "token";
}
