package io.holdfast.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast blueprints filters …} and {@code holdfast deployments filters …}: saved filters and the language of their rules. */
abstract class FiltersCommand {

    private static final List<String> COLUMNS = List.of(
            "id",
            "labels_filter_rules",
            "attrs_filter_rules",
            "visibility",
            "is_system_filter",
            "tenant_name",
            "created_by");

    private static final Pattern EQUALITY = Pattern.compile("([^=!\\s]+)\\s*(!?=)\\s*(\\[.*]|.*)");
    private static final Pattern WORDS = Pattern.compile("(\\S+)\\s+(is null|is not null|is not empty|is-not|contains"
            + "|does-not-contain|starts-with|ends-with)(?:\\s+(\\[.*]|.*))?");

    private static final Map<String, String> OPERATORS = Map.of(
            "is null", "is_null",
            "is not null", "is_not_null",
            "is not empty", "is_not_empty",
            "is-not", "is_not",
            "contains", "contains",
            "does-not-contain", "not_contains",
            "starts-with", "starts_with",
            "ends-with", "ends_with");

    private static final String LABEL_RULE =
            "KEY=VALUE, KEY=[V1,V2], KEY!=VALUE, 'KEY is null', 'KEY is not null', 'KEY is-not VALUE'; repeat for more.";

    private static final String ATTRIBUTE_RULE = "NAME=VALUE, NAME!=[V1,V2], 'NAME contains VALUE', 'does-not-contain',"
            + " 'starts-with', 'ends-with', 'is not empty'; repeat for more.";

    abstract Cli cli();

    /** {@code blueprints} or {@code deployments}. */
    abstract String filtered();

    @Command(name = "create", description = "Save a filter; all of its rules must hold.")
    public int create(
            @Parameters(paramLabel = "FILTER_ID") String id,
            @Option(names = "--labels-rule", paramLabel = "RULE", description = LABEL_RULE) @Nullable
                    List<String> labels,
            @Option(names = "--attrs-rule", paramLabel = "RULE", description = ATTRIBUTE_RULE) @Nullable
                    List<String> attributes,
            @Mixin VisibilityOption visibility) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("filter_rules", rules(labels, attributes));
        body.put("visibility", visibility.orTenant());
        cli().print(cli().client().send("PUT", path(id), body), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "update", description = "Change a filter: rules take the place of those of their kind.")
    public int update(
            @Parameters(paramLabel = "FILTER_ID") String id,
            @Option(names = "--labels-rule", paramLabel = "RULE", description = LABEL_RULE) @Nullable
                    List<String> labels,
            @Option(names = "--attrs-rule", paramLabel = "RULE", description = ATTRIBUTE_RULE) @Nullable
                    List<String> attributes,
            @Mixin VisibilityOption visibility) {
        Map<String, Object> body = new LinkedHashMap<>();
        List<Map<String, Object>> rules = rules(labels, attributes);
        if (!rules.isEmpty()) {
            body.put("filter_rules", rules);
        }
        if (visibility.visibility != null) {
            body.put("visibility", visibility.visibility);
        }
        cli().print(cli().client().patch(path(id), body), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "get", description = "Show a filter.")
    public int get(@Parameters(paramLabel = "FILTER_ID") String id) {
        cli().print(cli().client().get(path(id)), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "list", description = "List filters.")
    public int list(@Mixin ListOptions options) {
        return ListCommands.list(cli(), "filters/" + filtered(), COLUMNS, "id", options, "");
    }

    @Command(name = "delete", description = "Delete a filter.")
    public int delete(@Parameters(paramLabel = "FILTER_ID") String id) {
        cli().client().send("DELETE", path(id), null);
        cli().say("Deleted filter " + id);
        return ExitCode.OK;
    }

    private String path(String id) {
        return "/api/v3.1/filters/" + filtered() + "/" + Client.segment(id);
    }

    static List<Map<String, Object>> rules(@Nullable List<String> labels, @Nullable List<String> attributes) {
        List<Map<String, Object>> rules = new ArrayList<>();
        if (labels != null) {
            labels.forEach(text -> rules.add(rule(text, "label")));
        }
        if (attributes != null) {
            attributes.forEach(text -> rules.add(rule(text, "attribute")));
        }
        return rules;
    }

    private static Map<String, Object> rule(String text, String type) {
        Matcher words = WORDS.matcher(text.strip());
        if (words.matches()) {
            return rule(words.group(1), OPERATORS.get(words.group(2)), values(words.group(3)), type);
        }
        Matcher equality = EQUALITY.matcher(text.strip());
        if (equality.matches()) {
            String operator = equality.group(2).equals("=") ? "any_of" : "not_any_of";
            return rule(equality.group(1), operator, values(equality.group(3)), type);
        }
        throw new CliFailure(
                ExitCode.USAGE,
                "'" + text + "' is no rule; expected " + (type.equals("label") ? LABEL_RULE : ATTRIBUTE_RULE));
    }

    private static Map<String, Object> rule(String key, @Nullable String operator, List<String> values, String type) {
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("key", key);
        rule.put("values", values);
        rule.put("operator", operator);
        rule.put("type", type);
        return rule;
    }

    private static List<String> values(@Nullable String text) {
        List<String> values = new ArrayList<>();
        if (text != null && !text.isBlank()) {
            boolean list = text.startsWith("[") && text.endsWith("]");
            for (String value : list ? text.substring(1, text.length() - 1).split(",") : new String[] {text}) {
                values.add(value.strip());
            }
        }
        return values;
    }

    /** {@code holdfast blueprints filters …}. */
    @Command(name = "filters", description = "Save filters of blueprints.", synopsisSubcommandLabel = "VERB")
    static final class OfBlueprints extends FiltersCommand {
        @ParentCommand
        BlueprintsCommand blueprints;

        @Override
        Cli cli() {
            return blueprints.cli;
        }

        @Override
        String filtered() {
            return "blueprints";
        }
    }

    /** {@code holdfast deployments filters …}. */
    @Command(name = "filters", description = "Save filters of deployments.", synopsisSubcommandLabel = "VERB")
    static final class OfDeployments extends FiltersCommand {
        @ParentCommand
        DeploymentsCommand deployments;

        @Override
        Cli cli() {
            return deployments.cli;
        }

        @Override
        String filtered() {
            return "deployments";
        }
    }
}
