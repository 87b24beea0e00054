package io.holdfast.inventory.dependencies.rest;

import io.holdfast.inventory.dependencies.app.DependencyRecords.Dependency;
import io.holdfast.inventory.resources.rest.JsonBody;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A dependency as clients send it: deployments are named with or without {@code _id}. */
final class DependencyInBody {

    private DependencyInBody() {}

    static Dependency of(JsonBody body) {
        return of(body, deployment(body, "source_deployment"));
    }

    static Dependency of(JsonBody body, @Nullable String source) {
        return new Dependency(
                UUID.randomUUID().toString(),
                body.requiredText("dependency_creator"),
                source,
                deployment(body, "target_deployment"),
                body.has("target_deployment_func") ? body.fields().get("target_deployment_func") : null,
                body.object("external_source"),
                body.object("external_target"));
    }

    static @Nullable String deployment(JsonBody body, String name) {
        String id = body.text(name);
        return id == null ? body.text(name + "_id") : id;
    }
}
