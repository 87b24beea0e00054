package io.holdfast.standalone;

import java.net.URI;
import java.net.URISyntaxException;

/** The AMQP URL of an outside broker, as it was typed. */
final class BrokerUrl {
    private static final String EXPECTED = "; expected amqp://USER:PASSWORD@HOST:PORT/VHOST, or amqps://…";

    private BrokerUrl() {}

    /** @throws StartRefused as wrong usage if it is none; the words are without user and password */
    static void check(String url) {
        if (!url.startsWith("amqp://") && !url.startsWith("amqps://")) {
            throw refused(url, "it begins with neither amqp:// nor amqps://");
        }
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw refused(
                    url,
                    url.endsWith("://")
                            ? "it names no host"
                            : "it has a character that must be written as %XX, or none");
        }
        if (uri.getHost() == null) {
            throw refused(url, "it names no host, or its port is no number");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw refused(url, "its port is " + uri.getPort() + ", which is not from 1 to 65535");
        }
    }

    static int defaultPort(String url) {
        return url.startsWith("amqps:") ? 5671 : 5672;
    }

    /** For people and files: scheme, host, port and virtual host. */
    static String withoutCredentials(String url) {
        return url.replaceFirst("//[^/]*@", "//");
    }

    private static StartRefused refused(String url, String wrong) {
        return StartRefused.ofUsage(
                "--broker (or HOLDFAST_BROKER_URL) is '" + withoutCredentials(url) + "': " + wrong + EXPECTED);
    }
}
