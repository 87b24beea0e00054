package io.holdfast.inventory.directory.storage;

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

    private boolean has(String path, String name) {
        return !name.isEmpty() && http.to("gateway").has(path + InternalHttp.segment(name));
    }
}
