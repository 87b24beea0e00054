package io.holdfast.inventory.labels.storage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.labels.app.LabelIndex;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;

/** Labels of what the caller sees. */
@Singleton
class PgLabelIndex implements LabelIndex {

    private final Lister lister;

    PgLabelIndex(@DataSource("inventory") AgroalDataSource dataSource) {
        this.lister = new Lister(dataSource);
    }

    @Override
    public ObjectNode keys(Kind kind, ListRequest request, CallerIdentity caller) {
        if (request.special("_reserved", false)) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            Label.RESERVED.forEach(items::add);
            return Listing.envelope(items, items.size(), request.size(), request.offset());
        }
        return texts(entity(kind, "key"), request, caller);
    }

    @Override
    public ObjectNode values(Kind kind, String key, ListRequest request, CallerIdentity caller) {
        return texts(entity(kind, "value"), request, caller, Condition.of("e.key = ?", key));
    }

    private ObjectNode texts(Entity entity, ListRequest request, CallerIdentity caller, Condition... conditions) {
        Listing listing = lister.list(entity, request, caller, conditions);
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        listing.rows().forEach(row -> items.add(row.id()));
        return Listing.envelope(items, listing.total(), listing.size(), listing.offset());
    }

    private static Entity entity(Kind kind, String column) {
        String labelled = kind == Kind.BLUEPRINTS ? "blueprint" : "deployment";
        return Entity.of("Label", """
                        inventory.%1$s_labels e
                        JOIN inventory.%1$ss o ON o.tenant_name = e.tenant_name AND o.id = e.%1$s_id""".formatted(labelled))
                .id("e." + column)
                .storageId("e." + column)
                .texts(column)
                .scoped("o")
                .distinct("e." + column)
                .searchBy("_search", "e." + column)
                .build();
    }
}
