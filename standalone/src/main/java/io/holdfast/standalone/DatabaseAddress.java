package io.holdfast.standalone;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where the database is and who logs in. {@code url} carries neither user nor password. */
record DatabaseAddress(String url, String username, String password) {

    private static final String EXPECTED =
            "; expected jdbc:postgresql://HOST:PORT/DATABASE?user=USER&password=PASSWORD";
    private static final String PREFIX = "jdbc:postgresql:";

    /**
     * Reads an outside database's JDBC URL. User and password come from its {@code user} and {@code password} parameters, or from
     * {@code HOLDFAST_DATABASE_USERNAME} and {@code HOLDFAST_DATABASE_PASSWORD}.
     *
     * @throws StartRefused as wrong usage if it is none; the words are without parameters
     */
    static DatabaseAddress parse(String jdbcUrl, Map<String, String> environment) {
        String username = environment.getOrDefault("HOLDFAST_DATABASE_USERNAME", "holdfast");
        String password = environment.getOrDefault("HOLDFAST_DATABASE_PASSWORD", "");
        int question = jdbcUrl.indexOf('?');
        String bare = question < 0 ? jdbcUrl : jdbcUrl.substring(0, question);
        check(bare);
        List<String> others = new ArrayList<>();
        for (String parameter :
                question < 0 ? new String[0] : jdbcUrl.substring(question + 1).split("&")) {
            if (parameter.startsWith("user=")) {
                username = decoded(parameter);
            } else if (parameter.startsWith("password=")) {
                password = decoded(parameter);
            } else if (!parameter.isEmpty()) {
                others.add(parameter);
            }
        }
        if (username.isEmpty() || password.isEmpty()) {
            throw refused(
                    bare,
                    "it comes without a " + (username.isEmpty() ? "user" : "password")
                            + ", and HOLDFAST_DATABASE_USERNAME and HOLDFAST_DATABASE_PASSWORD do not give it");
        }
        return new DatabaseAddress(others.isEmpty() ? bare : bare + "?" + String.join("&", others), username, password);
    }

    /** Hosts may be several, divided by commas, as the driver takes them; without any it is this machine. */
    private static void check(String bare) {
        if (!bare.startsWith(PREFIX)) {
            throw refused(bare, "it does not begin with " + PREFIX + "//");
        }
        String rest = bare.substring(PREFIX.length());
        if (rest.startsWith("//")) {
            int slash = rest.indexOf('/', 2);
            for (String host :
                    rest.substring(2, slash < 0 ? rest.length() : slash).split(",", -1)) {
                checkHost(bare, host);
            }
            rest = slash < 0 ? "" : rest.substring(slash + 1);
        }
        if (rest.isEmpty()) {
            throw refused(bare, "it names no database");
        }
    }

    private static void checkHost(String bare, String host) {
        int colon = host.lastIndexOf(':');
        if (colon >= 0 && host.indexOf(']') < colon) {
            String port = host.substring(colon + 1);
            if (!port.matches("\\d{1,5}") || Integer.parseInt(port) == 0 || Integer.parseInt(port) > 65_535) {
                throw refused(bare, "its port is '" + port + "', which is not from 1 to 65535");
            }
        }
        if (host.isEmpty() || colon == 0) {
            throw refused(bare, "it names no host");
        }
    }

    private static StartRefused refused(String bare, String wrong) {
        return StartRefused.ofUsage("--database (or HOLDFAST_DATABASE_URL) is '" + bare + "': " + wrong + EXPECTED);
    }

    private static String decoded(String parameter) {
        String value = parameter.substring(parameter.indexOf('=') + 1);
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw StartRefused.ofUsage(
                    "the user or the password in --database (or HOLDFAST_DATABASE_URL) has a % that begins no"
                            + " %XX; write % as %25");
        }
    }

    @Override
    public String toString() {
        return username + "@" + url;
    }
}
