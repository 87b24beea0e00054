package io.holdfast.inventory.updates;

import java.math.BigInteger;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which versions the plugins of a blueprint may get in an update. Source: {@code plugins-updates} of the existing API.
 *
 * @param names packages to update; empty: all
 * @param allToLatest to the latest versions, those in {@code toMinor} within their major version
 * @param allToMinor within their major versions, those in {@code toLatest} to the latest
 * @param mapped the version to take, by package, whatever else is said
 */
public record PluginChoice(
        List<String> names,
        boolean allToLatest,
        List<String> toLatest,
        boolean allToMinor,
        List<String> toMinor,
        Map<String, String> mapped) {

    /** A package that the blueprint uses now. */
    public record Used(String packageName, String version) {}

    public PluginChoice {
        names = List.copyOf(names);
        toLatest = List.copyOf(toLatest);
        toMinor = List.copyOf(toMinor);
        mapped = Map.copyOf(mapped);
    }

    /** Ranges such as {@code >=1.2,<2}, by package. For a package without one it is what the blueprint's import says. */
    public Map<String, String> ranges(Collection<Used> plugins) {
        Map<String, String> ranges = new LinkedHashMap<>();
        for (Used plugin : plugins) {
            String range = range(plugin);
            if (range != null) {
                ranges.putIfAbsent(plugin.packageName(), range);
            }
        }
        return ranges;
    }

    private @Nullable String range(Used plugin) {
        String name = plugin.packageName();
        String given = mapped.get(name);
        if (given != null) {
            return "==" + given;
        }
        if (!names.isEmpty() && !names.contains(name)) {
            return "==" + plugin.version();
        }
        boolean sameMajor = allToLatest ? toMinor.contains(name) : allToMinor && !toLatest.contains(name);
        return sameMajor ? sameMajor(plugin.version()) : null;
    }

    private static String sameMajor(String version) {
        String[] parts = version.split("\\.");
        if (!parts[0].matches("\\d+")) {
            return "==" + version;
        }
        String minor = parts.length > 1 ? "." + parts[1] : "";
        return ">=" + parts[0] + minor + ",<" + new BigInteger(parts[0]).add(BigInteger.ONE);
    }
}
