package io.holdfast.inventory.directory.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.http.InternalHttp;
import io.holdfast.inventory.directory.app.Directory;
import jakarta.inject.Singleton;

/** Asks as a service: whether there is a tenant does not depend on who wants to know. */
@Singleton
class GatewayDirectory implements Directory {

    private final InternalHttp http;

    GatewayDirectory(InternalHttp http) {
        this.http = http;
    }

    @Override
    public boolean hasTenant(String name) {
        return has("/tenants/", name);
    }

    @Override
    public boolean hasUser(String name) {
        return has("/users/", name);
    }

    @Override
    public boolean hasManager(String hostname) {
        return !http.to("gateway")
                .get("/managers?_include=hostname&hostname=" + InternalHttp.segment(hostname), JsonNode.class)
                .path("items")
                .isEmpty();
    }

    private boolean has(String path, String name) {
        return !name.isEmpty() && http.to("gateway").has(path + InternalHttp.segment(name));
    }
}
