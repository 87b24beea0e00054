package io.holdfast.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast secrets …}: the verbs and flags of the manager's own command line. */
@Command(
        name = "secrets",
        description = "Keep secrets, hand them out and take them in.",
        synopsisSubcommandLabel = "VERB")
final class SecretsCommand {

    private static final List<String> COLUMNS = List.of(
            "key",
            "created_at",
            "updated_at",
            "visibility",
            "tenant_name",
            "created_by",
            "is_hidden_value",
            "provider_name");

    private static final List<String> WITH_VALUE =
            List.of("key", "value", "visibility", "tenant_name", "created_by", "is_hidden_value", "provider_name");

    private static final String SECRETS = "/api/v3.1/secrets/";

    @ParentCommand
    Cli cli;

    @Command(name = "create", description = "Keep a secret.")
    int create(
            @Parameters(paramLabel = "KEY") String key,
            @Option(
                            names = {"-s", "--secret-string"},
                            paramLabel = "TEXT",
                            description = "The value; other users of this computer can read it meanwhile.")
                    @Nullable
                    String text,
            @Option(
                            names = {"-f", "--secret-file"},
                            paramLabel = "FILE",
                            description = "File that holds the value; - reads standard input.")
                    @Nullable
                    Path file,
            @Option(
                            names = "--schema",
                            paramLabel = "FILE",
                            description = "JSON Schema of the value, which is JSON then.")
                    @Nullable
                    Path schema,
            @Option(names = "--hidden-value", description = "Only its creator and administrators see the value.")
                    boolean hidden,
            @Option(names = "--update-if-exists", description = "Change it if there is one of this key.")
                    boolean update,
            @Option(names = "--provider", paramLabel = "NAME", description = "The secrets provider that has the value.")
                    @Nullable
                    String provider,
            @Mixin VisibilityOption visibility) {
        Map<String, Object> body = new LinkedHashMap<>();
        String value = value(text, file);
        if (value == null && (provider == null || schema != null)) {
            throw usage("a secret needs a value: say --secret-string TEXT or --secret-file FILE"
                    + (schema == null ? ", or --provider NAME" : ""));
        }
        if (schema != null) {
            body.put("schema", json(GivenFile.read(schema, "the schema"), "--schema"));
            body.put("value", json(value, "the value of a secret with a schema"));
        } else {
            body.put("value", value);
        }
        body.put("is_hidden_value", hidden);
        body.put("update_if_exists", update);
        body.put("visibility", visibility.orTenant());
        if (provider != null) {
            body.put("provider_name", provider);
        }
        cli.print(cli.client().send("PUT", SECRETS + Client.segment(key), body), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "update", description = "Change a secret.")
    int update(
            @Parameters(paramLabel = "KEY") String key,
            @Option(
                            names = {"-s", "--secret-string"},
                            paramLabel = "TEXT",
                            description = "The new value; other users of this computer can read it meanwhile.")
                    @Nullable
                    String text,
            @Option(
                            names = {"-f", "--secret-file"},
                            paramLabel = "FILE",
                            description = "File that holds the new value; - reads standard input.")
                    @Nullable
                    Path file,
            @Option(
                            names = "--hidden-value",
                            negatable = true,
                            description = "Whether only its creator and administrators see the value.")
                    // null where nothing is said; picocli refuses to negate what has an annotated type
                    Boolean hidden,
            @Mixin VisibilityOption visibility) {
        Map<String, Object> body = new LinkedHashMap<>();
        String value = value(text, file);
        if (value != null) {
            body.put("value", value);
        }
        if (hidden != null) {
            body.put("is_hidden_value", hidden);
        }
        if (visibility.visibility != null) {
            body.put("visibility", visibility.visibility);
        }
        cli.print(cli.client().patch(SECRETS + Client.segment(key), body), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "get", description = "Show a secret with its value.")
    int get(@Parameters(paramLabel = "KEY") String key) {
        cli.print(cli.client().get(SECRETS + Client.segment(key)), WITH_VALUE);
        return ExitCode.OK;
    }

    @Command(name = "list", description = "List secrets, without their values.")
    int list(@Mixin ListOptions options) {
        return ListCommands.list(cli, "secrets", COLUMNS, "key", options, "");
    }

    @Command(name = "set-visibility", description = "Let more see a secret.")
    int setVisibility(@Parameters(paramLabel = "KEY") String key, @Mixin NewVisibilityOption visibility) {
        return visibility.set(cli, SECRETS + Client.segment(key), COLUMNS);
    }

    @Command(name = "delete", description = "Delete a secret.")
    int delete(@Parameters(paramLabel = "KEY") String key) {
        cli.client().send("DELETE", SECRETS + Client.segment(key), null);
        cli.say("Deleted secret " + key);
        return ExitCode.OK;
    }

    @Command(name = "export", description = "Write secrets with their values into a file that only you can read.")
    int export(
            @Option(
                            names = {"-o", "--output-path"},
                            required = true,
                            paramLabel = "FILE",
                            description = "Where to; - writes to standard output.")
                    Path output,
            @Option(
                            names = "--passphrase-file",
                            paramLabel = "FILE",
                            description =
                                    "File that holds the passphrase that values are encrypted with; - reads standard input.")
                    @Nullable
                    Path passphrase,
            @Option(names = "--non-encrypted", description = "Write values in clear text.") boolean clear,
            @Option(
                            names = {"-a", "--all-tenants"},
                            description = "Of all tenants that you may see, not only of one.")
                    boolean allTenants) {
        if ((passphrase == null) != clear) {
            throw usage("say either --passphrase-file FILE or --non-encrypted");
        }
        List<Map<String, Object>> secrets = cli.client()
                .array(SECRETS + "share/export?_all_tenants=" + allTenants + "&_include_metadata=false"
                        + (passphrase == null ? "" : "&_passphrase=" + Client.segment(firstLine(passphrase))));
        if (output.toString().equals("-")) {
            cli.out().println(Json.pretty(secrets));
        } else {
            write(output, Json.pretty(secrets));
            cli.say("Exported " + secrets.size() + " secrets to " + output);
        }
        return ExitCode.OK;
    }

    private static void write(Path output, String text) {
        try {
            if (!Files.exists(output)) {
                PrivateFile.create(output);
            }
            Files.writeString(output, text);
        } catch (IOException e) {
            throw new CliFailure(ExitCode.FAILED, "cannot write " + output + ": " + e.getMessage(), e);
        }
    }

    @Command(name = "import", description = "Take in the secrets of a file that `export` wrote.")
    int take(
            @Option(
                            names = {"-i", "--input-path"},
                            required = true,
                            paramLabel = "FILE",
                            description = "The file; - reads standard input.")
                    Path input,
            @Option(
                            names = "--passphrase-file",
                            paramLabel = "FILE",
                            description = "File that holds the passphrase of encrypted values.")
                    @Nullable
                    Path passphrase,
            @Option(names = "--override-collisions", description = "Secrets that are there get the file's values.")
                    boolean override,
            @Option(
                            names = {"-m", "--tenant-map"},
                            paramLabel = "FILE",
                            description = "JSON object: which tenant takes the place of which.")
                    @Nullable
                    Path tenants) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("secrets_list", json(GivenFile.read(input, "the secrets"), "--input-path"));
        body.put("override_collisions", override);
        if (passphrase != null) {
            body.put("passphrase", firstLine(passphrase));
        }
        if (tenants != null) {
            body.put("tenant_map", json(GivenFile.read(tenants, "the map of tenants"), "--tenant-map"));
        }
        Map<String, Object> answer = cli.client().send("POST", SECRETS + "share/import", body);
        Map<String, Object> colliding = Json.object(answer.get("colliding_secrets"));
        Map<String, Object> errors = Json.object(answer.get("secrets_errors"));
        if (cli.json) {
            cli.out().println(Json.pretty(answer));
        }
        colliding.forEach((tenant, keys) -> cli.say("there already in tenant " + tenant
                + (override ? ", given the new values: " : ", left as they were: ") + Json.text(keys)));
        errors.forEach(
                (place, wrong) -> cli.err().println("error: secret " + place + " of the file: " + Json.text(wrong)));
        return errors.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private @Nullable String value(@Nullable String text, @Nullable Path file) {
        if (text != null && file != null) {
            throw usage("say either --secret-string or --secret-file");
        }
        return file == null ? text : GivenFile.read(file, "the value");
    }

    private static String firstLine(Path file) {
        return GivenFile.read(file, "the passphrase").lines().findFirst().orElse("");
    }

    private Object json(String text, String what) {
        try {
            Object value = JSON.std.anyFrom(text);
            if (value != null) {
                return value;
            }
        } catch (IOException e) {
            // The failure below says what is expected.
        }
        throw usage(what + " must be JSON");
    }

    private static CliFailure usage(String text) {
        return new CliFailure(ExitCode.USAGE, text);
    }
}
