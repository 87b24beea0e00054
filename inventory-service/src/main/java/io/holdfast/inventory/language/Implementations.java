package io.holdfast.inventory.language;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds out which plugin carries out an operation or a workflow. */
final class Implementations {

    static final String SCRIPT_PATH = "script_path";

    private static final String SCRIPT_PLUGIN = "script";

    private static final Pattern URL = Pattern.compile("(https?|ftp|file)://");

    private final Map<String, Plugin> plugins;
    private final List<BlueprintFiles> files;

    Implementations(Map<String, Plugin> plugins, List<BlueprintFiles> files) {
        this.plugins = plugins;
        this.files = files;
    }

    /**
     * @param operation function of the plugin
     * @param script path of the script that the script plugin runs; null where the plugin is named
     */
    record Call(Plugin plugin, String operation, @Nullable String script) {}

    Call ofOperation(Operation operation, String what) {
        return call(
                operation.implementation(),
                operation.mark(),
                what,
                operation.inputs().keySet(),
                "script_runner.tasks.run");
    }

    Call ofWorkflow(YamlNode mapping, String what, Set<String> parameters) {
        return call(
                Shape.text(mapping, "'mapping' of " + what),
                mapping.mark(),
                what,
                parameters,
                "script_runner.tasks.execute_workflow");
    }

    private Call call(String implementation, Mark mark, String what, Set<String> given, String scriptTask) {
        List<Plugin> named = plugins.values().stream()
                .filter(plugin -> implementation.startsWith(plugin.name() + "."))
                .sorted(Comparator.comparing(Plugin::name))
                .toList();
        if (named.size() > 1) {
            throw new InvalidBlueprint(
                    mark,
                    what + " is ambiguous: '" + implementation + "' may be of the plugins "
                            + String.join(
                                    " and ", named.stream().map(Plugin::name).toList()),
                    "plugins of which no name begins with another's and a dot");
        }
        if (named.size() == 1) {
            Plugin plugin = named.get(0);
            String operation = implementation.substring(plugin.name().length() + 1);
            if (operation.isEmpty()) {
                throw new InvalidBlueprint(
                        mark, what + " names the plugin but no function", plugin.name() + ".function");
            }
            return new Call(plugin, operation, null);
        }
        if (!URL.matcher(implementation).lookingAt()
                && files.stream().noneMatch(archive -> archive.contains(implementation))) {
            throw new InvalidBlueprint(
                    mark,
                    "could not extract the plugin of " + what + ": '" + implementation
                            + "' begins with no plugin's name and is no file of the archive",
                    "PLUGIN.function with a plugin of the blueprint (" + Texts.oneOf(plugins.keySet(), implementation)
                            + "), or a script's path or URL");
        }
        if (given.contains(SCRIPT_PATH)) {
            throw new InvalidBlueprint(
                    mark, what + " is a script and has the input '" + SCRIPT_PATH + "' too", "one of the two");
        }
        if (!plugins.containsKey(SCRIPT_PLUGIN)) {
            throw new InvalidBlueprint(
                    mark,
                    what + " is a script, but the blueprint has no plugin 'script' to run it",
                    "an import of cloudify/types/types.yaml, or a plugin named script");
        }
        return new Call(Objects.requireNonNull(plugins.get(SCRIPT_PLUGIN)), scriptTask, implementation);
    }
}
