package io.holdfast.inventory.language;

import io.holdfast.contracts.language.PythonText;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds out which plugin carries out an operation or a workflow. */
final class Implementations {

    private static final String SCRIPT_PATH = "script_path";
    private static final String SCRIPT_SOURCE = "script_source";

    private static final String HERE = "./";

    private static final String RUN = "script_runner.tasks.run";

    private static final String SCRIPT_PLUGIN = "script";

    private static final Pattern URL = Pattern.compile("(https?|ftp|file)://");

    private final Map<String, Plugin> plugins;
    private final List<BlueprintFiles> files;

    Implementations(Map<String, Plugin> plugins, List<BlueprintFiles> files) {
        this.plugins = plugins;
        this.files = files;
    }

    /** @param script what the script plugin runs; null where another plugin is named */
    record Call(Plugin plugin, String operation, @Nullable Script script) {}

    /**
     * @param input what the script plugin calls it
     * @param value path or URL of a script, or the script itself
     */
    record Script(String input, String value) {}

    /**
     * What is carried out, for messages.
     *
     * @param kind operation or workflow
     * @param name of the operation in its interface, or of the workflow
     * @param where it stands; empty where the name says it all
     */
    record Caller(String kind, String name, String where) {

        @Override
        public String toString() {
            return kind + " '" + name + "'";
        }
    }

    Call ofOperation(Operation operation, Caller caller) {
        return call(
                operation.implementation(),
                operation.mark(),
                caller,
                operation.inputs().keySet(),
                RUN);
    }

    /** Refuses operations of a relationship type that nobody can carry out, whether a node uses the type or not. */
    void check(Map<String, Operation> operations, String relationship) {
        operations.forEach((name, operation) -> {
            if (!operation.implementation().isEmpty()) {
                Caller caller = new Caller("operation", name, "Relationship '" + relationship + "'");
                call(
                        operation.implementation(),
                        operation.mark(),
                        caller,
                        operation.schema().keySet(),
                        RUN);
            }
        });
    }

    Call ofWorkflow(YamlNode mapping, String name, Set<String> parameters) {
        return call(
                Shape.text(mapping, "'mapping' of workflow '" + name + "'"),
                mapping.mark(),
                new Caller("workflow", name, ""),
                parameters,
                "script_runner.tasks.execute_workflow");
    }

    /** A script comes first: {@code script.sh} is a file of the archive, and not the function {@code sh} of the plugin {@code script}. */
    private Call call(String implementation, Mark mark, Caller caller, Set<String> given, String scriptTask) {
        Optional<String> script = scriptInput(implementation);
        if (script.isPresent()) {
            if (given.contains(SCRIPT_PATH) || given.contains(SCRIPT_SOURCE)) {
                throw new InvalidBlueprint(
                        mark,
                        "Cannot define '" + SCRIPT_PATH + "' property in '" + implementation + "' for " + caller,
                        "one of the two");
            }
            Plugin runner = scriptPlugin();
            if (runner == null) {
                throw new InvalidBlueprint(
                        mark,
                        "Script plugin is not defined but it is required for mapping '" + scriptTask + "' of " + caller,
                        "an import of cloudify/types/types.yaml, or a plugin named script");
            }
            return new Call(runner, scriptTask, new Script(script.get(), implementation));
        }
        List<Plugin> named = plugins.values().stream()
                .filter(plugin -> implementation.startsWith(plugin.name() + "."))
                .sorted(Comparator.comparing(Plugin::name))
                .toList();
        if (named.size() > 1) {
            throw new InvalidBlueprint(
                    mark,
                    "Ambiguous operation mapping. [operation=" + caller.name() + ", plugins="
                            + PythonText.repr(named.stream().map(Plugin::name).toList()) + "]",
                    "plugins of which no name begins with another's and a dot");
        }
        if (named.isEmpty()) {
            throw new InvalidBlueprint(
                    mark,
                    "Could not extract plugin or a script resource is not found from " + caller.kind()
                            + " mapping/script-path '" + implementation + "', which is declared for " + caller + "."
                            + caller.where(),
                    "PLUGIN.function with a plugin of the blueprint (" + Texts.oneOf(plugins.keySet(), implementation)
                            + "), or a script's path or URL, or a script of several lines");
        }
        Plugin plugin = named.get(0);
        String operation = implementation.substring(plugin.name().length() + 1);
        if (operation.isEmpty()) {
            throw new InvalidBlueprint(
                    mark, "the " + caller + " names the plugin but no function", plugin.name() + ".function");
        }
        return new Call(plugin, operation, null);
    }

    /** Whether it is the path of a file of one of the archives, from the top. */
    static boolean isFile(String implementation, List<BlueprintFiles> files) {
        String path = implementation;
        while (path.startsWith(HERE)) {
            path = path.substring(HERE.length());
        }
        String wanted = path;
        return files.stream().anyMatch(archive -> archive.contains(wanted));
    }

    /** The script plugin; else that of an import with a namespace, which is the same one. Null: none. */
    private @Nullable Plugin scriptPlugin() {
        Plugin own = plugins.get(SCRIPT_PLUGIN);
        return own != null
                ? own
                : plugins.values().stream()
                        .filter(plugin -> Namespace.bare(plugin.name()).equals(SCRIPT_PLUGIN))
                        .findFirst()
                        .orElse(null);
    }

    /** The input in which the script plugin takes it; empty for what is no script. Several lines are one. */
    private Optional<String> scriptInput(String implementation) {
        if (URL.matcher(implementation).lookingAt()
                || isFile(implementation, files)
                || isFile(Namespace.bare(implementation), files)) {
            return Optional.of(SCRIPT_PATH);
        }
        return implementation.strip().contains("\n") ? Optional.of(SCRIPT_SOURCE) : Optional.empty();
    }
}
