package io.holdfast.diagnostics;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** The settings that this process runs with, and which of their values are secret. */
@ApplicationScoped
public class Settings {

    private static final Pattern OURS = Pattern.compile("(?:holdfast|quarkus|mp\\.messaging)\\..*");
    private static final Pattern IN_URL = Pattern.compile("://([^\\s/@:]*):([^\\s/]*)@");
    private static final Pattern IN_QUERY =
            Pattern.compile("[?&;](?i:password|passwd|secret|token|sslpassword)=([^&;\\s]+)");
    /**
     * Words that are all over the log: taken out of it, they would leave nothing to read. As a password they are still redacted where a name
     * stands before them.
     */
    private static final Pattern NO_SECRET = Pattern.compile("true|false|holdfast|guest", Pattern.CASE_INSENSITIVE);

    private final ObjectMapper json;

    Settings(ObjectMapper json) {
        this.json = json;
    }

    /** Knows all secrets of this process's configuration, whatever source they are from: also variables that are no settings of ours. */
    public Redactor redactor() {
        List<String> secrets = new ArrayList<>();
        Config config = ConfigProvider.getConfig();
        for (String name : config.getPropertyNames()) {
            value(config, name).ifPresent(value -> {
                if (SecretNames.isSecret(name)) {
                    secrets.add(value);
                }
                addAll(secrets, IN_URL.matcher(value), 2);
                addAll(secrets, IN_QUERY.matcher(value), 1);
            });
        }
        secrets.removeIf(secret -> NO_SECRET.matcher(secret).matches());
        return Redactor.knowing(secrets);
    }

    /** Names and values, by name; not redacted. */
    ObjectNode all() {
        Config config = ConfigProvider.getConfig();
        TreeSet<String> names = new TreeSet<>();
        config.getPropertyNames().forEach(names::add);
        ObjectNode settings = json.createObjectNode();
        for (String name : names) {
            if (OURS.matcher(name).matches()) {
                value(config, name).ifPresent(value -> settings.put(name, value));
            }
        }
        return settings;
    }

    /** Empty for what has no value, or one that refers to something that is not set. */
    private static Optional<String> value(Config config, String name) {
        try {
            return Optional.ofNullable(config.getConfigValue(name).getValue());
        } catch (RuntimeException unusable) {
            return Optional.empty();
        }
    }

    private static void addAll(List<String> secrets, Matcher matcher, int group) {
        while (matcher.find()) {
            secrets.add(matcher.group(group));
        }
    }
}
