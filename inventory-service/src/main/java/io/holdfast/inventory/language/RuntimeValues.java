package io.holdfast.inventory.language;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What functions ask of a deployment that is there. Values are plain: maps, lists, text, numbers, booleans, null. */
public interface RuntimeValues {

    /**
     * @param index among the instances of its node, from 1
     * @param targets ids of the instances that it has relationships to, by their nodes' names
     * @param groups ids of the instances of scaling groups that it is in, by the groups' names: its own first, then those of its containers
     */
    record Instance(
            String id,
            int index,
            Map<String, @Nullable Object> runtimeProperties,
            Map<String, List<String>> targets,
            Map<String, String> groups) {}

    /** Instances of a node, in the order of their indexes. */
    List<Instance> instances(String node);

    /** One of the deployment's instances, of any node. */
    Optional<Instance> instance(String id);

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

    /** What these are shown as, as far as they are there. */
    List<String> consumerNames();

    List<String> labels(String key);

    /** @param entity and what of it, as {@code get_sys} takes them */
    @Nullable
    Object system(String entity, String value);
}
