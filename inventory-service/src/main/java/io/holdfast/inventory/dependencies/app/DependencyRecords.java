package io.holdfast.inventory.dependencies.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rows of inter-deployment dependencies, for writing. Each change belongs to the transaction that runs. */
public interface DependencyRecords {

    /** How the creator of a component's dependency begins. */
    String COMPONENT = "component.";

    /**
     * One deployment needs another.
     *
     * @param creator what in the source needs it: a place in its blueprint, or a node instance
     * @param source null: one of another manager, see {@code externalSource}
     * @param target null: not known yet, see {@code targetFunction}, or one of another manager, see {@code externalTarget}
     * @param visibility null: that of the source
     * @param createdBy null: who adds it; the same for {@code createdAt}: then
     */
    record Dependency(
            String id,
            String creator,
            @Nullable String source,
            @Nullable String target,
            @Nullable JsonNode targetFunction,
            @Nullable JsonNode externalSource,
            @Nullable JsonNode externalTarget,
            @Nullable String visibility,
            @Nullable String createdBy,
            @Nullable Instant createdAt) {

        /** Between two deployments of this manager, as its own: of whoever adds it, seen by who sees the source. */
        public static Dependency within(String creator, String source, String target) {
            return new Dependency(
                    UUID.randomUUID().toString(), creator, source, target, null, null, null, null, null, null);
        }

        /** The same, of which a function says what its target is. */
        public Dependency by(@Nullable JsonNode function) {
            return new Dependency(
                    id,
                    creator,
                    source,
                    target,
                    function,
                    externalSource,
                    externalTarget,
                    visibility,
                    createdBy,
                    createdAt);
        }

        /** Whether the target has the source as a consumer: one that the source has made as its component has not. */
        public boolean isOfConsumer() {
            return source != null && target != null && externalTarget == null && !creator.startsWith(COMPONENT);
        }

        /** Whether both ends are deployments of this manager. */
        boolean isWithin() {
            return externalSource == null && externalTarget == null;
        }

        Dependency between(@Nullable String newSource, @Nullable String newTarget) {
            return new Dependency(
                    id,
                    creator,
                    newSource,
                    newTarget,
                    targetFunction,
                    externalSource,
                    externalTarget,
                    visibility,
                    createdBy,
                    createdAt);
        }
    }

    /** Keeps two changes of the tenant's dependencies apart until the end of the transaction: together they could make a cycle. */
    void lock(String tenant);

    /** Whether the one already needs the other, which is of the tenant, directly or over others of whatever tenants, or is the same. */
    boolean needs(String tenant, String source, String target);

    /** Whether the tenant has one of this id. */
    boolean has(String tenant, String id);

    /** The target of {@link Dependency#isOfConsumer} gets the label that names its consumer. */
    void add(String tenant, Dependency dependency, String visibility, String createdBy, Instant at);

    /** Ids of those that match; null matches null. */
    List<String> find(
            String tenant, String creator, @Nullable String source, @Nullable String target, boolean anyTarget);

    /** Ids of those of a source. */
    List<String> ofSource(String tenant, String source);

    /**
     * The deployments that node instances of a deployment stand for as their blueprint says, by what is the creator of such a dependency:
     * {@code component.INSTANCE}, {@code sharedresource.INSTANCE}. Null where the blueprint names none.
     */
    Map<String, @Nullable String> composition(String tenant, String deployment);

    /**
     * That something needs a deployment.
     *
     * @param tenant of the source
     * @param source null: one of another manager
     * @param externalSource where that is: {@code deployment}, {@code tenant}, {@code host}; empty for one of this manager
     */
    record Use(String tenant, @Nullable String source, String creator, Map<String, @Nullable Object> externalSource) {}

    /**
     * Who needs a deployment or one of its components, directly or over others of whatever tenants, the nearest first. Without what these
     * need of each other.
     */
    List<Use> uses(String tenant, String deployment);

    /** A target that the source needs no more loses the label that names it. */
    void remove(String tenant, List<String> ids);
}
