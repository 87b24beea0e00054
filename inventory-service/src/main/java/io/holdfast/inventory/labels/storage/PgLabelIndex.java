package io.holdfast.inventory.labels.storage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.labels.app.LabelIndex;
import io.holdfast.inventory.resources.storage.Statements;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Labels of what the caller sees. */
@Singleton
class PgLabelIndex implements LabelIndex {

    /**
     * The keys that a caller sees in a tenant, or the values of one: there are few, with many labels each, so the next one is looked for
     * behind the last one. Then those of other tenants' global things.
     */
    private static final String TEXTS = """
            WITH RECURSIVE own (text, place) AS (
                (SELECT e.%3$s, 1 FROM %1$s WHERE e.tenant_name = ? AND %4$s AND %2$s ORDER BY e.%3$s LIMIT 1)
                UNION ALL
                SELECT (SELECT e.%3$s FROM %1$s
                         WHERE e.tenant_name = ? AND %4$s AND e.%3$s > own.text AND %2$s ORDER BY e.%3$s LIMIT 1), own.place + 1
                  FROM own WHERE own.text IS NOT NULL AND own.place <= %5$d)
            SELECT text FROM own WHERE text IS NOT NULL
            UNION SELECT e.%3$s FROM %1$s WHERE o.visibility = 'global' AND o.tenant_name <> ? AND %4$s
            ORDER BY text""";

    /** If there are more, looking at all labels once is less work. */
    private static final int FEW = 1_000;

    private static final String NOT_OTHERS_PRIVATE = "(o.visibility <> 'private' OR ? OR o.created_by = ?)";

    private final Lister lister;
    private final Statements statements;

    PgLabelIndex(@DataSource("inventory") AgroalDataSource dataSource) {
        this.lister = new Lister(dataSource);
        this.statements = new Statements(dataSource);
    }

    @Override
    public ObjectNode keys(Kind kind, ListRequest request, CallerIdentity caller) {
        if (request.special("_reserved", false)) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            Label.RESERVED.forEach(items::add);
            return Listing.envelope(items, items.size(), request.size(), request.offset());
        }
        return few(kind, "key", null, request, caller).orElseGet(() -> texts(entity(kind, "key"), request, caller));
    }

    /** Whether the request says nothing but which page of the texts in its tenant it wants. */
    private static boolean asksForAll(ListRequest request) {
        return !request.allTenants()
                && request.filters().isEmpty()
                && request.sort().isEmpty()
                && request.include().isEmpty()
                && request.special("_search").isEmpty();
    }

    /** The page of all keys, or all values of a key; empty: the request is not for all of them, or they are many. */
    private Optional<ObjectNode> few(
            Kind kind, String column, @Nullable String key, ListRequest request, CallerIdentity caller) {
        String tenant = caller.tenant();
        if (tenant == null || !asksForAll(request) || (key != null && key.indexOf('\0') >= 0)) {
            return Optional.empty();
        }
        String chosen = key == null ? "true" : "e.key = ?";
        List<Object> binds = new ArrayList<>();
        for (int part = 0; part < 2; part++) {
            binds.add(tenant);
            Optional.ofNullable(key).ifPresent(binds::add);
            binds.add(caller.seesPrivate());
            binds.add(caller.username());
        }
        binds.add(tenant);
        Optional.ofNullable(key).ifPresent(binds::add);
        List<String> texts = statements.query(
                TEXTS.formatted(labels(kind), NOT_OTHERS_PRIVATE, column, chosen, FEW),
                row -> row.getString(1),
                binds.toArray());
        if (texts.size() > FEW) {
            return Optional.empty();
        }
        long offset = request.allResults() ? 0 : request.offset();
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        texts.stream()
                .skip(offset)
                .limit(request.allResults() ? texts.size() : request.size())
                .forEach(items::add);
        return Optional.of(Listing.envelope(items, texts.size(), request.size(), offset));
    }

    @Override
    public ObjectNode values(Kind kind, String key, ListRequest request, CallerIdentity caller) {
        return few(kind, "value", key, request, caller)
                .orElseGet(() -> texts(entity(kind, "value"), request, caller, Condition.of("e.key = ?", key)));
    }

    private ObjectNode texts(Entity entity, ListRequest request, CallerIdentity caller, Condition... conditions) {
        Listing listing = lister.list(entity, request, caller, conditions);
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        listing.rows().forEach(row -> items.add(row.id()));
        return Listing.envelope(items, listing.total(), listing.size(), listing.offset());
    }

    private static Entity entity(Kind kind, String column) {
        return Entity.of("Label", labels(kind))
                .id("e." + column)
                .storageId("e." + column)
                .texts(column)
                .scoped("o")
                .distinct("e." + column)
                .searchBy("_search", "e." + column)
                .build();
    }

    /** Labels as {@code e}, with what they are on as {@code o}. */
    private static String labels(Kind kind) {
        String labelled = kind == Kind.BLUEPRINTS ? "blueprint" : "deployment";
        return """
                inventory.%1$s_labels e
                JOIN inventory.%1$ss o ON o.tenant_name = e.tenant_name AND o.id = e.%1$s_id""".formatted(labelled);
    }
}
