package io.holdfast.inventory.secrets.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.resource.DisallowSchemaLoader;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.secrets.app.ValueSchemas;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * JSON Schema, by default of the draft 2020-12. Schemas come from users: they refer to nothing outside of themselves, and their patterns
 * may look at so many characters and no more.
 */
@Singleton
class JsonValueSchemas implements ValueSchemas {

    private static final int LONGEST_SCHEMA = 64 * 1024;
    private static final int MOST_MESSAGES = 5;

    private final JsonSchemaFactory factory = JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance())));

    /** What a schema of the default draft must be itself; comes with the library. */
    private final JsonSchema schemaOfSchemas = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(SchemaLocation.of(SchemaId.V202012));

    private final SchemaValidatorsConfig settings = SchemaValidatorsConfig.builder()
            .regularExpressionFactory(JsonValueSchemas::bounded)
            .build();

    @Override
    public void check(JsonNode schema, JsonNode value) {
        if (!schema.isObject() && !schema.isBoolean()) {
            throw illegal("it is neither an object nor a boolean");
        }
        if (schema.toString().length() > LONGEST_SCHEMA) {
            throw illegal("it has more than " + LONGEST_SCHEMA + " characters");
        }
        Set<ValidationMessage> wrong;
        try {
            if (!schema.has("$schema")) {
                requireSchema(schema);
            }
            JsonSchema parsed = factory.getSchema(schema, settings);
            wrong = parsed.validate(value);
        } catch (JsonSchemaException | PatternSyntaxException e) {
            throw illegal(String.valueOf(e.getMessage()));
        } catch (ManagerException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            // The library meets schemas of the wrong shape with whatever comes: casts, absent values, numbers out of
            // range.
            throw illegal("it cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        if (!wrong.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "Error validating secret value: "
                            + wrong.stream()
                                    .map(JsonValueSchemas::text)
                                    .sorted()
                                    .limit(MOST_MESSAGES)
                                    .collect(Collectors.joining("; ")),
                    "send a value that fits the schema");
        }
    }

    private void requireSchema(JsonNode schema) {
        schemaOfSchemas.validate(schema).stream().findFirst().ifPresent(message -> {
            throw illegal(message.getMessage());
        });
    }

    /** In the words of the existing API's validator, but without the value, which that quotes. */
    private static String text(ValidationMessage message) {
        String pointer = message.getInstanceLocation().toString();
        String place = pointer.isEmpty() ? "the value" : "the value at " + pointer;
        JsonNode rule = message.getSchemaNode();
        return switch (message.getType()) {
            case "type" -> place + " is not of type " + quoted(rule);
            case "required" ->
                "'" + message.getProperty() + "' is a required property" + (pointer.isEmpty() ? "" : " at " + pointer);
            case "additionalProperties" ->
                "Additional properties are not allowed ('" + message.getProperty() + "' was unexpected)";
            case "minimum" -> place + " is less than the minimum of " + rule;
            case "maximum" -> place + " is greater than the maximum of " + rule;
            case "minLength", "minItems" -> place + " is too short";
            case "maxLength", "maxItems" -> place + " is too long";
            case "minProperties" -> place + " does not have enough properties";
            case "maxProperties" -> place + " has too many properties";
            case "enum" -> place + " is not one of [" + quoted(rule) + "]";
            case "pattern" -> place + " does not match '" + rule.asText() + "'";
            default -> place + " does not satisfy `" + message.getType() + "`";
        };
    }

    /** A text, or those of a list, as the existing API shows them. */
    private static String quoted(JsonNode rule) {
        if (rule.isArray()) {
            return StreamSupport.stream(rule.spliterator(), false)
                    .map(JsonValueSchemas::quoted)
                    .collect(Collectors.joining(", "));
        }
        return rule.isTextual() ? "'" + rule.asText() + "'" : rule.toString();
    }

    private static ManagerException illegal(String reason) {
        return new ManagerException(
                ErrorCode.BAD_PARAMETERS, "the secret's schema is not usable: " + reason, "send a JSON Schema");
    }

    private static RegularExpression bounded(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return value -> compiled.matcher(new Counted(value)).find();
    }

    /** A text that can be looked at so often. */
    private static final class Counted implements CharSequence {

        private static final int MOST_LOOKS = 2_000_000;

        private final String text;
        private int looks;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++looks > MOST_LOOKS) {
                throw illegal("one of its patterns takes too long for this value");
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
