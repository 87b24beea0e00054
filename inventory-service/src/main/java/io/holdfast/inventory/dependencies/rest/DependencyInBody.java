package io.holdfast.inventory.dependencies.rest;

import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.dependencies.app.DependencyRecords.Dependency;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.inventory.resources.rest.Origin;
import io.holdfast.inventory.resources.rest.Rights;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A dependency as clients send it: deployments are named with or without {@code _id}. */
final class DependencyInBody {

    private DependencyInBody() {}

    static Dependency of(JsonBody body, Directory directory, CallerIdentity caller) {
        return of(body, deployment(body, "source_deployment"), directory, caller);
    }

    /** As it was on another manager where it says its id, or who made it when. That is for administrators only. */
    static Dependency of(JsonBody body, @Nullable String source, Directory directory, CallerIdentity caller) {
        String id = body.text("id");
        if (id != null) {
            Rights.require("set_owner", caller);
            ResourceId.checkCharacters("id", id);
        }
        String visibility = body.text("visibility");
        if (visibility != null) {
            Rights.requireFor(Visibility.of(visibility), caller);
        }
        Origin origin = Origin.of(body.text("created_by"), body.text("created_at"), directory, caller);
        return new Dependency(
                id == null ? UUID.randomUUID().toString() : id,
                body.requiredText("dependency_creator"),
                source,
                deployment(body, "target_deployment"),
                body.has("target_deployment_func") ? body.fields().get("target_deployment_func") : null,
                body.object("external_source"),
                body.object("external_target"),
                visibility,
                origin.createdBy(),
                origin.createdAt());
    }

    /** For one dependency, of whose parts the API says the types: null is none. Several at once it takes with null for what they lack. */
    static void requireTypes(JsonBody body) {
        body.textIfGiven("target_deployment");
        for (String part : List.of("target_deployment_func", "external_source", "external_target")) {
            body.objectIfGiven(part);
        }
    }

    static @Nullable String deployment(JsonBody body, String name) {
        String id = body.text(name);
        return id == null ? body.text(name + "_id") : id;
    }
}
