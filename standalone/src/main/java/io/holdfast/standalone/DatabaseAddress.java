package io.holdfast.standalone;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where the database is and who logs in. {@code url} carries neither user nor password. */
record DatabaseAddress(String url, String username, String password) {

    /**
     * Reads an outside database's JDBC URL. User and password come from its {@code user} and {@code password} parameters, or from
     * {@code HOLDFAST_DATABASE_USERNAME} and {@code HOLDFAST_DATABASE_PASSWORD}.
     */
    static DatabaseAddress parse(String jdbcUrl, Map<String, String> environment) {
        String username = environment.getOrDefault("HOLDFAST_DATABASE_USERNAME", "holdfast");
        String password = environment.getOrDefault("HOLDFAST_DATABASE_PASSWORD", "");
        int question = jdbcUrl.indexOf('?');
        if (question < 0) {
            return new DatabaseAddress(jdbcUrl, username, password);
        }
        List<String> others = new ArrayList<>();
        for (String parameter : jdbcUrl.substring(question + 1).split("&")) {
            if (parameter.startsWith("user=")) {
                username = decoded(parameter);
            } else if (parameter.startsWith("password=")) {
                password = decoded(parameter);
            } else if (!parameter.isEmpty()) {
                others.add(parameter);
            }
        }
        String bare = jdbcUrl.substring(0, question);
        return new DatabaseAddress(others.isEmpty() ? bare : bare + "?" + String.join("&", others), username, password);
    }

    private static String decoded(String parameter) {
        return URLDecoder.decode(parameter.substring(parameter.indexOf('=') + 1), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return username + "@" + url;
    }
}
