package io.holdfast.inventory.secrets.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.filters.storage.ConstraintSql;
import io.holdfast.inventory.filters.storage.RuleSql;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.secrets.app.HiddenValues;
import io.holdfast.inventory.secrets.app.Keyring;
import io.holdfast.inventory.secrets.app.Secrets;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

@Singleton
class PgSecrets implements Secrets {

    private static final Entity LISTED = Entity.of("Secret", "inventory.secrets e")
            .id("e.key")
            .texts("key", "provider_name", "visibility", "tenant_name", "created_by")
            .text("resource_availability", "e.visibility")
            .times("created_at", "updated_at")
            .bools("is_hidden_value")
            .scoped("e")
            .counted("inventory", "secrets")
            .searchBy("_search", "e.key")
            .sortBy("created_at")
            .build();

    private static final Entity WHOLE = Entity.of("Secret", "inventory.secrets e")
            .id("e.key")
            .times("created_at", "updated_at")
            .texts("key", "provider_name")
            .derived("value")
            .bools("is_hidden_value")
            .jsons("schema", "provider_options")
            .hidden("value", "e.value_enc")
            .hidden("hidden", "e.is_hidden_value")
            .hidden("structured", "e.schema IS NOT NULL")
            .hidden("creator", "e.created_by")
            .owned("e")
            .sortBy("created_at")
            .build();

    /** Secrets have no labels; rules on these are refused before. */
    private static final RuleSql RULES = new RuleSql(Map.of("key", "e.key", "provider_name", "e.provider_name"));

    private final Lister lister;
    private final Keyring keyring;

    PgSecrets(@DataSource("inventory") AgroalDataSource dataSource, Keyring keyring) {
        this.lister = new Lister(dataSource);
        this.keyring = keyring;
    }

    @Override
    public Listing list(ListRequest request, CallerIdentity caller) {
        return lister.list(LISTED, request, caller);
    }

    @Override
    public Listing search(ListRequest request, List<FilterRule> rules, Constraints names, CallerIdentity caller) {
        List<Condition> all = new ArrayList<>();
        if (!rules.isEmpty()) {
            all.add(RULES.of(rules));
        }
        all.addAll(List.of(ConstraintSql.on("e.key", names)));
        return lister.listFiltered(LISTED, request, caller, List.of(), all);
    }

    @Override
    public Row get(String key, ListRequest request, CallerIdentity caller) {
        Row row = lister.get(WHOLE, key, request, caller);
        if (row.wants("value") && !request.special("_skip_value", false)) {
            value(row, caller);
        }
        return row;
    }

    private void value(Row row, CallerIdentity caller) {
        ObjectNode json = row.json();
        boolean hidden = is(row, "hidden");
        Owned owned = new Owned(
                row.tenant(), row.id(), Visibility.TENANT, row.hidden("creator").orElse(null));
        if (hidden && !HiddenValues.permitted(owned, caller)) {
            json.put("value", "");
            return;
        }
        row.hidden("value")
                .map(closed -> keyring.open(closed, "secrets", row.tenant(), row.id()))
                .ifPresent(value -> {
                    if (is(row, "structured")) {
                        json.putRawValue("value", new RawValue(value));
                    } else {
                        json.put("value", value);
                    }
                });
    }

    private static boolean is(Row row, String name) {
        return row.hidden(name).filter("true"::equals).isPresent();
    }
}
