package io.holdfast.inventory.agents.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.agents.app.Agents;
import io.holdfast.inventory.secrets.app.Keyring;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;

@Singleton
class PgAgents implements Agents {

    private static final String USERNAME = "rabbitmq_username";
    private static final String PASSWORD = "rabbitmq_password";

    private static final Entity LISTED = shared().text("id", "e.name")
            .texts("visibility", "tenant_name", "created_by")
            .unshown("name", "e.name")
            .unshown("node_id", "e.node_id")
            .unshown("deployment_id", "e.deployment_id")
            .filterOnly("node_ids", "e.node_id")
            .filterOnly("node_instance_ids", "e.node_instance_id")
            .filterOnly("install_methods", "e.install_method")
            .scoped("e")
            .counted("inventory", "agents")
            .sortBy("created_at")
            .build();

    private static final Entity WHOLE = shared().texts("id", "name", "node_id", "deployment_id")
            .times("updated_at")
            // Parameters of list requests, which the product's object has as fields.
            .derived("node_ids", "node_instance_ids", "install_methods")
            .owned("e")
            .sortBy("created_at")
            .build();

    private final Lister lister;
    private final Keyring keyring;

    PgAgents(@DataSource("inventory") AgroalDataSource dataSource, Keyring keyring) {
        this.lister = new Lister(dataSource);
        this.keyring = keyring;
    }

    private static Entity.Builder shared() {
        return Entity.of("Agent", "inventory.agents e")
                .id("e.name")
                .times("created_at")
                .texts(
                        "host_id",
                        "node_instance_id",
                        "ip",
                        "install_method",
                        "system",
                        "version",
                        "state",
                        "rabbitmq_exchange")
                .text("node", "e.node_id")
                .text("deployment", "e.deployment_id")
                .derived(USERNAME, PASSWORD)
                .hidden("key", "e.id")
                .hidden(USERNAME, "e.rabbitmq_username")
                .hidden(PASSWORD, "e.rabbitmq_password_enc")
                .searchBy("_search", "e.name");
    }

    @Override
    public Listing list(ListRequest request, CallerIdentity caller) {
        Listing listing = lister.list(LISTED, request, caller);
        if (request.getData()) {
            listing.rows().forEach(this::credentials);
        }
        return listing;
    }

    @Override
    public Row get(String name, ListRequest request, CallerIdentity caller) {
        Row row = lister.get(WHOLE, name, request, caller);
        credentials(row);
        return row;
    }

    private void credentials(Row row) {
        if (row.wants(USERNAME)) {
            row.json().put(USERNAME, row.hidden(USERNAME).orElse(null));
        }
        if (row.wants(PASSWORD)) {
            String key = row.hidden("key").orElseThrow();
            row.json()
                    .put(
                            PASSWORD,
                            row.hidden(PASSWORD)
                                    .map(closed -> keyring.open(closed, "agents", row.tenant(), key))
                                    .orElse(null));
        }
    }
}
