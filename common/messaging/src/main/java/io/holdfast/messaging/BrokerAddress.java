package io.holdfast.messaging;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The parts of {@code amqp[s]://user:password@host:port/vhost}. An empty path means the virtual host {@code /}; parts are
 * percent-decoded.
 */
public record BrokerAddress(String host, int port, boolean tls, String username, String password, String virtualHost) {

    /** Where none is configured. */
    public static final String DEFAULT_URL = "amqp://guest:guest@localhost:5672/";

    /** @throws IllegalArgumentException if it is not an AMQP URL */
    public static BrokerAddress parse(String url) {
        URI uri = URI.create(url);
        boolean tls = "amqps".equals(uri.getScheme());
        if (!tls && !"amqp".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException("not an AMQP URL (amqp://user:password@host:port/vhost)");
        }
        String userInfo = uri.getRawUserInfo();
        String username = "guest";
        String password = "guest";
        if (userInfo != null) {
            int colon = userInfo.indexOf(':');
            username = decode(colon < 0 ? userInfo : userInfo.substring(0, colon));
            password = colon < 0 ? "" : decode(userInfo.substring(colon + 1));
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 5671 : 5672;
        return new BrokerAddress(uri.getHost(), port, tls, username, password, virtualHost(uri.getRawPath()));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return (tls ? "amqps://" : "amqp://") + username + "@" + host + ":" + port + "/"
                + ("/".equals(virtualHost) ? "" : virtualHost);
    }

    private static String virtualHost(@Nullable String rawPath) {
        if (rawPath == null || rawPath.isEmpty() || "/".equals(rawPath)) {
            return "/";
        }
        return decode(rawPath.substring(1));
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
