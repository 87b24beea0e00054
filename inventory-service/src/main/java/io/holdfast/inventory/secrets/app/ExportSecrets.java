package io.holdfast.inventory.secrets.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.secrets.PassphraseCipher;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Weight;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Hands out secrets with their values, for another manager to take in. Hidden ones only to those who may see them. */
@ApplicationScoped
public class ExportSecrets {

    private static final int IV_BYTES = 16;

    private static final String VALUE = "value";
    private static final String ENCRYPTED = "encrypted";

    private final Secrets catalogue;
    private final SecretRecords records;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    ExportSecrets(Secrets catalogue, SecretRecords records, Clock clock) {
        this.catalogue = catalogue;
        this.records = records;
        this.clock = clock;
    }

    /**
     * @param request which secrets, by the filters of a list; its pages mean nothing here
     * @param passphrase null or empty: values are in clear text
     * @param metadata with who made them, and when
     * @param include the fields that are wanted; empty: all. A value comes with its schema, and says when it is encrypted; names that there are
     *     not mean nothing
     * @throws io.holdfast.contracts.errors.ManagerException {@code payload_too_large_error}, {@code service_unavailable_error}: as of lists
     *     that do not fit into memory
     */
    @Transactional
    public ArrayNode export(
            ListRequest request,
            @Nullable String passphrase,
            boolean metadata,
            Set<String> include,
            CallerIdentity caller) {
        boolean values = include.isEmpty() || include.contains(VALUE);
        PassphraseCipher cipher =
                passphrase == null || passphrase.isEmpty() || !values ? null : new PassphraseCipher(passphrase);
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        Set<Name> wanted = request.filters().isEmpty() ? Set.of() : wanted(request, caller);
        Weight weight = Weight.ofAnswer();
        records.export(request.allTenants(), request.special("_search").orElse(null), caller, secret -> {
            if (!request.filters().isEmpty() && !wanted.contains(new Name(secret.tenant(), secret.key()))) {
                return;
            }
            Owned owned = new Owned(secret.tenant(), secret.key(), secret.visibility(), secret.createdBy());
            if (!secret.hiddenValue() || HiddenValues.permitted(owned, caller)) {
                ObjectNode json = json(secret, cipher, metadata);
                ObjectNode exported = include.isEmpty() ? json : only(include, json);
                weight.add(exported);
                list.add(exported);
            }
        });
        return list;
    }

    private static ObjectNode only(Set<String> include, ObjectNode secret) {
        Set<String> fields = new HashSet<>(include);
        if (include.contains(VALUE)) {
            fields.add("schema");
        }
        if (secret.path(ENCRYPTED).asBoolean()) {
            fields.add(ENCRYPTED);
        }
        return secret.retain(fields);
    }

    private record Name(@Nullable String tenant, String key) {}

    private Set<Name> wanted(ListRequest request, CallerIdentity caller) {
        return catalogue.list(request, caller).rows().stream()
                .map(row -> new Name(row.tenant(), row.id()))
                .collect(Collectors.toSet());
    }

    private ObjectNode json(SecretRecords.Exported secret, @Nullable PassphraseCipher cipher, boolean metadata) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        String value = secret.value();
        boolean encrypted = cipher != null && value != null;
        json.put("key", secret.key());
        json.put(VALUE, cipher != null && value != null ? cipher.encrypt(value, clock.instant(), iv()) : value);
        json.put("visibility", secret.visibility().wireName());
        json.put("tenant_name", secret.tenant());
        json.put("is_hidden_value", secret.hiddenValue());
        json.put(ENCRYPTED, encrypted);
        json.put("provider", secret.provider());
        json.set("provider_options", secret.providerOptions());
        JsonNode schema = secret.schema();
        if (schema != null) {
            json.set("schema", schema);
        }
        if (metadata) {
            json.put("creator", secret.createdBy());
            json.put("created_at", ApiTime.formatOrNull(secret.createdAt()));
            json.put("updated_at", ApiTime.formatOrNull(secret.updatedAt()));
        }
        return json;
    }

    private byte[] iv() {
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        return iv;
    }
}
