package io.holdfast.inventory.secrets.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.secrets.PassphraseCipher;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what {@link ExportSecrets} handed out, here or in the existing product. What is wrong with one secret keeps none of the others
 * out; the answer says which, and why.
 */
@ApplicationScoped
public class ImportSecrets {

    /**
     * @param tenants which tenant takes the place of which
     * @param passphrase null: values are in clear text
     * @param override secrets that are there get the new values
     */
    public record Request(
            JsonNode secrets,
            Map<String, String> tenants,
            @Nullable String passphrase,
            boolean override) {
        public Request {
            tenants = Map.copyOf(tenants);
        }
    }

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final SecretRecords records;
    private final SecretsProviders providers;
    private final Directory directory;
    private final ValueSchemas schemas;
    private final ObjectMapper mapper;
    private final Clock clock;

    ImportSecrets(
            SecretRecords records,
            SecretsProviders providers,
            Directory directory,
            ValueSchemas schemas,
            ObjectMapper mapper,
            Clock clock) {
        this.records = records;
        this.providers = providers;
        this.directory = directory;
        this.schemas = schemas;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** @return {@code colliding_secrets}: keys by tenant; {@code secrets_errors}: by place in the list */
    @Transactional
    public ObjectNode take(Request request, CallerIdentity caller) {
        Map<String, Boolean> known = new HashMap<>();
        List<String> missing = request.tenants().values().stream()
                .distinct()
                .filter(tenant -> !known.computeIfAbsent(tenant, directory::hasTenant))
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "The following destination tenants do not exist on the Manager: ['" + String.join("', '", missing)
                            + "']",
                    "create these tenants first");
        }
        String passphrase = request.passphrase();
        PassphraseCipher cipher = passphrase == null || passphrase.isEmpty() ? null : new PassphraseCipher(passphrase);
        ObjectNode colliding = JSON.objectNode();
        ObjectNode errors = JSON.objectNode();
        for (int i = 0; i < request.secrets().size(); i++) {
            One one = new One(request.secrets().get(i), request.tenants(), cipher, known, caller);
            Optional<SecretRecords.New> secret = one.read();
            if (secret.isPresent()) {
                add(secret.get(), request.override(), colliding, one.errors, caller);
            }
            if (!one.errors.isEmpty()) {
                errors.set(Integer.toString(i), one.errors);
            }
        }
        ObjectNode answer = JSON.objectNode();
        answer.set("colliding_secrets", colliding);
        answer.set("secrets_errors", errors);
        return answer;
    }

    private void add(
            SecretRecords.New secret,
            boolean override,
            ObjectNode colliding,
            ObjectNode errors,
            CallerIdentity caller) {
        records.lock(secret.key());
        try {
            Optional<SecretRecords.Stored> present = records.findIn(secret.tenant(), secret.key());
            if (present.isEmpty()) {
                records.add(secret);
                return;
            }
            if (override && mayOverride(present.get(), caller)) {
                records.value(present.get(), secret.value());
                records.schema(present.get(), secret.schema());
                records.hiddenValue(present.get(), secret.hiddenValue());
                records.updatedAt(present.get(), secret.updatedAt());
            } else if (override) {
                errors.put(
                        "key",
                        "User `" + caller.username() + "` is not permitted to modify the secret `" + secret.key()
                                + "`");
                return;
            }
        } catch (ManagerException e) {
            // Nothing is half written: the refusals come before the statement that writes.
            if (e.code() != ErrorCode.CONFLICT) {
                throw e;
            }
        }
        colliding.withArray(secret.tenant()).add(secret.key());
    }

    /** As for a change of this secret alone: others' private ones are not there for the caller, others' hidden ones not to be changed. */
    private static boolean mayOverride(SecretRecords.Stored present, CallerIdentity caller) {
        Owned owned = present.owned();
        boolean anybodys = owned.visibility() != Visibility.PRIVATE && !present.hiddenValue();
        return anybodys || HiddenValues.permitted(owned, caller);
    }

    /** One secret of the list, with what is wrong with it. */
    private final class One {
        private final JsonNode json;
        private final Map<String, String> tenants;
        private final @Nullable PassphraseCipher cipher;
        private final Map<String, Boolean> known;
        private final CallerIdentity caller;
        final ObjectNode errors = JSON.objectNode();
        private final ArrayNode missing = JSON.arrayNode();

        One(
                JsonNode json,
                Map<String, String> tenants,
                @Nullable PassphraseCipher cipher,
                Map<String, Boolean> known,
                CallerIdentity caller) {
            this.json = json;
            this.tenants = tenants;
            this.cipher = cipher;
            this.known = known;
            this.caller = caller;
        }

        Optional<SecretRecords.New> read() {
            if (!json.isObject()) {
                errors.put("secret", "Not a dictionary");
                return Optional.empty();
            }
            String key = text("key");
            boolean hidden = bool("is_hidden_value");
            Visibility visibility = visibility();
            String tenant = tenant();
            String provider = optional("provider");
            JsonNode given = json.get("value");
            boolean valueless = given == null
                    || given.isNull()
                    || (given.isTextual() && given.asText().isBlank());
            if (valueless && provider == null) {
                missing.add("value");
            }
            boolean encrypted = bool("encrypted");
            String value = valueless ? null : value(given, encrypted);
            Instant created = time("created_at");
            Instant updated = time("updated_at");
            String creator = creator();
            JsonNode schema = json.hasNonNull("schema") ? json.get("schema") : null;
            if (key != null) {
                try {
                    ResourceId.check("key", key);
                } catch (ManagerException e) {
                    errors.put("key", e.detail());
                }
            }
            if (provider != null && !providers.has(provider, caller.in(tenant))) {
                errors.put("provider", "The secrets provider `" + provider + "` was not found");
            }
            if (!missing.isEmpty()) {
                errors.set("missing secret fields", missing);
            }
            if (errors.isEmpty() && schema != null && value != null) {
                checkSchema(schema, value);
            }
            if (!errors.isEmpty() || key == null || tenant == null) {
                return Optional.empty();
            }
            Instant now = clock.instant();
            return Optional.of(new SecretRecords.New(
                    tenant,
                    key,
                    value,
                    schema,
                    hidden,
                    provider,
                    json.hasNonNull("provider_options") ? json.get("provider_options") : null,
                    visibility,
                    creator == null ? caller.username() : creator,
                    created == null ? now : created,
                    updated == null ? now : updated));
        }

        private void checkSchema(JsonNode schema, String value) {
            try {
                schemas.check(schema, mapper.readTree(value));
            } catch (JsonProcessingException e) {
                errors.put("schema", "The value is not JSON, but the secret has a schema");
            } catch (ManagerException e) {
                errors.put("schema", e.detail());
            }
        }

        private @Nullable String text(String field) {
            JsonNode value = json.get(field);
            if (value == null
                    || value.isNull()
                    || (value.isTextual() && value.asText().isBlank())) {
                missing.add(field);
                return null;
            }
            if (!value.isTextual()) {
                errors.put(field, "Not a string");
                return null;
            }
            return value.asText();
        }

        private @Nullable String optional(String field) {
            return json.hasNonNull(field) ? text(field) : null;
        }

        private boolean bool(String field) {
            JsonNode value = json.get(field);
            if (value == null
                    || value.isNull()
                    || (value.isTextual() && value.asText().isBlank())) {
                missing.add(field);
                return false;
            }
            if (value.isBoolean()) {
                return value.asBoolean();
            }
            if (value.isTextual() && value.asText().matches("(?i)true|false")) {
                return Boolean.parseBoolean(value.asText());
            }
            errors.put(field, "Not boolean");
            return false;
        }

        private Visibility visibility() {
            String text = text("visibility");
            if (text == null) {
                return Visibility.TENANT;
            }
            try {
                Visibility visibility = Visibility.of(text);
                if (visibility == Visibility.GLOBAL && !caller.admin()) {
                    errors.put("visibility", refusal("create_global_resource", caller.tenant()));
                }
                return visibility;
            } catch (ManagerException e) {
                errors.put("visibility", "Not a valid visibility");
                return Visibility.TENANT;
            }
        }

        private @Nullable String tenant() {
            String named = text("tenant_name");
            if (named == null) {
                return null;
            }
            String tenant = tenants.getOrDefault(named, named);
            if (!caller.sees(tenant)) {
                // Whether there is such a tenant is nobody's business who has no part in it.
                errors.put("tenant_name", refusal("secret_create", tenant));
                return null;
            }
            if (!known.computeIfAbsent(tenant, directory::hasTenant)) {
                errors.put("tenant_name", "The tenant `" + tenant + "` was not found");
                return null;
            }
            return tenant;
        }

        private @Nullable String value(JsonNode given, boolean encrypted) {
            if (!encrypted) {
                return given.isTextual() ? given.asText() : given.toString();
            }
            if (cipher == null) {
                errors.put("No passphrase", "The secret is encrypted but no passphrase was given");
                return null;
            }
            Optional<String> plain = cipher.decrypt(given.asText());
            if (plain.isEmpty()) {
                errors.put("value", "The value does not open with this passphrase");
            }
            return plain.orElse(null);
        }

        private @Nullable Instant time(String field) {
            if (!json.has(field)) {
                return null;
            }
            if (!caller.admin()) {
                errors.put("timestamp", refusal("set_timestamp", caller.tenant()));
                return null;
            }
            String text = optional(field);
            try {
                return text == null ? null : ApiTime.parse(text);
            } catch (DateTimeParseException e) {
                errors.put(field, "Not a time such as 2026-01-31T12:00:00.000Z");
                return null;
            }
        }

        private @Nullable String creator() {
            if (!json.has("creator")) {
                return null;
            }
            if (!caller.admin()) {
                errors.put("creator", refusal("set_owner", caller.tenant()));
                return null;
            }
            String creator = optional("creator");
            if (creator != null && !directory.hasUser(creator)) {
                errors.put("creator_valid", "User " + creator + " does not exist.");
            }
            return creator;
        }

        private String refusal(String action, @Nullable String tenant) {
            return ManagerException.notPermitted(caller.username(), action, tenant)
                    .detail();
        }
    }
}
