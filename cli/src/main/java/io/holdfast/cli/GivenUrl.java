package io.holdfast.cli;

import java.net.URI;
import java.net.URISyntaxException;

/** A URL that an option, an argument or the environment names. */
final class GivenUrl {

    private static final int LAST_PORT = 65_535;

    private GivenUrl() {}

    /** Where a manager or an agent is, without a slash at its end: paths follow. @throws CliFailure as {@link #of} */
    static String base(String text) {
        of(text);
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** @throws CliFailure of wrong usage for what is no {@code http} or {@code https} URL with a host */
    static URI of(String text) {
        String wrong;
        try {
            URI url = new URI(text);
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (!http) {
                wrong = "it does not begin with http:// or https://";
            } else if (url.getHost() == null) {
                wrong = "it names no host";
            } else if (url.getPort() > LAST_PORT) {
                wrong = "there is no port " + url.getPort() + ", the last one is " + LAST_PORT;
            } else {
                return url;
            }
        } catch (URISyntaxException e) {
            wrong = e.getIndex() < 0 ? e.getReason() : e.getReason() + " at character " + (e.getIndex() + 1);
        }
        throw new CliFailure(
                ExitCode.USAGE, "'" + text + "' is no URL: " + wrong + "; expected http(s)://HOST[:PORT][/PATH]");
    }
}
