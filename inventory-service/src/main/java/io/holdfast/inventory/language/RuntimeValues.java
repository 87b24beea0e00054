package io.holdfast.inventory.language;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What functions ask of a deployment that is there. Values are plain: maps, lists, text, numbers, booleans, null. */
public interface RuntimeValues {

    record Instance(String id, Map<String, @Nullable Object> runtimeProperties) {}

    /** Instances of a node, in the order of their indexes. */
    List<Instance> instances(String node);

    /** @throws NotEvaluable if there is none that the caller may see */
    @Nullable
    Object secret(String key);

    /** Evaluated. @throws NotEvaluable if there is no such deployment or it has no such capability */
    @Nullable
    Object capability(String deployment, String name);

    /** The deployment that this one belongs to. */
    Optional<String> parent();

    /** Deployments that need this one. */
    List<String> consumers();

    List<String> labels(String key);

    /** @param entity and what of it, as {@code get_sys} takes them */
    @Nullable
    Object system(String entity, String value);
}
