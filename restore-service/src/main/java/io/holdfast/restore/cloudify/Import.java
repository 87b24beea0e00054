package io.holdfast.restore.cloudify;

import io.holdfast.archive.cloudify.CloudifyArchive;
import io.holdfast.archive.cloudify.Entity;
import io.holdfast.archive.cloudify.EntityType;
import io.holdfast.archive.cloudify.Item;
import io.holdfast.archive.cloudify.StorableItem;
import io.holdfast.restore.loading.LoadOptions;
import io.holdfast.restore.loading.LoadReport;
import io.holdfast.restore.loading.Progress;
import io.holdfast.restore.loading.StagingTarget;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One import of one archive: a first reading finds the links, a second writes the rows, one type after the other. Source of every
 * rule: docs/importing-cloudify.md.
 */
public final class Import {

    static final String PRODUCT = "cloudify";

    /** What an item without a time gets in a column that needs one: as old as can be, so that it never looks recent. */
    private static final Instant UNKNOWN_TIME = Instant.EPOCH;

    private final CloudifyArchive archive;
    private final StagingTarget target;
    private final LoadOptions options;
    private final Progress progress;
    private final Findings findings;
    private final Rows rows;
    private final Contents contents;
    private final Survey survey;
    private final Set<String> unknownFields = new HashSet<>();

    private Import(CloudifyArchive archive, StagingTarget target, LoadOptions options, Progress progress, Rows rows) {
        this.archive = archive;
        this.target = target;
        this.options = options;
        this.progress = progress;
        this.findings = new Findings(target.warnings());
        this.rows = rows;
        this.contents = new Contents(target, progress, findings);
        progress.expect(archive.bytes());
        archive.unread().forEach(part -> findings.add("not restored: " + part.path() + ", it " + part.reason()));
        this.survey = Survey.of(archive, findings);
        archive.uploads().stream()
                .filter(upload -> !survey.tenant(upload.tenant()).has(upload.type(), upload.id()))
                .forEach(upload ->
                        findings.add("files of entities that the archive does not carry, not restored", upload.path()));
    }

    /** Writes the rows of everything in {@code archive}. */
    public static LoadReport run(
            CloudifyArchive archive, StagingTarget target, LoadOptions options, KeptAccess kept, Progress progress) {
        try (Rows rows = new Rows(target)) {
            return new Import(archive, target, options, progress, rows).run(kept);
        }
    }

    private LoadReport run(KeptAccess kept) {
        new AccessMapping(this, kept).run();
        new InventoryMapping(this).run();
        new SchedulerMapping(this).run();
        rows.finish();
        findings.finish();
        return new LoadReport(
                rows.counts(),
                target.warnings().list(),
                PRODUCT,
                archive.snapshotVersion(),
                survey.snapshotCreatedAt(),
                archive.executionId().orElse(null));
    }

    CloudifyArchive archive() {
        return archive;
    }

    LoadOptions options() {
        return options;
    }

    Findings findings() {
        return findings;
    }

    Contents contents() {
        return contents;
    }

    Survey survey() {
        return survey;
    }

    void row(StateTable table, @Nullable Object... values) {
        rows.add(table, values);
    }

    /** Sends what was written; a type's rows do not wait for the next type's. */
    void typeIsDone(EntityType type) {
        long before = rows.counts().values().stream().mapToLong(Long::longValue).sum();
        rows.finish();
        long after = rows.counts().values().stream().mapToLong(Long::longValue).sum();
        progress.advance(type.wireName(), archive.bytes(type), after - before);
    }

    /** Reads a management type. */
    void each(EntityType type, BiConsumer<Entity, Item> mapping) {
        archive.<RuntimeException>read(null, type, entity -> mapping.accept(entity, storable(entity)));
        typeIsDone(type);
    }

    /** Takes an entity with the tenant that owns it. */
    @FunctionalInterface
    interface Mapping {
        void map(String owner, Entity entity, Item item);
    }

    /** Reads a type in all tenants, each resource once, under its owner. */
    void eachInTenants(EntityType type, Mapping mapping) {
        for (String tenant : archive.tenants()) {
            archive.<RuntimeException>read(
                    tenant,
                    type,
                    entity -> survey.owner(entity).ifPresent(owner -> mapping.map(owner, entity, storable(entity))));
        }
        typeIsDone(type);
    }

    /** As {@link #eachInTenants}, for a type whose source id is a deployment. */
    void eachOfDeployments(EntityType type, Mapping mapping) {
        for (String tenant : archive.tenants()) {
            archive.<RuntimeException>read(
                    tenant,
                    type,
                    entity -> survey.ownerOfPartOf(deploymentOf(entity), tenant)
                            .ifPresent(owner -> mapping.map(owner, entity, storable(entity))));
        }
        typeIsDone(type);
    }

    /** The deployment that an entity belongs to; null if it belongs to none. */
    static @Nullable String deploymentOf(Entity entity) {
        String named = entity.item().text("deployment_id");
        return named != null || entity.type() == EntityType.EXECUTIONS ? named : entity.sourceId();
    }

    @Nullable
    String seal(@Nullable String plain, String table, String... key) {
        return plain == null ? null : target.seal(plain, table, key);
    }

    /** A time that the row needs; the first that the item has. */
    Instant needed(Entity entity, Item item, String... fields) {
        for (String field : fields) {
            Instant instant = item.instant(field);
            if (instant != null) {
                return instant;
            }
        }
        findings.add("without " + fields[0] + ", restored with " + UNKNOWN_TIME, entity.title());
        return UNKNOWN_TIME;
    }

    private Item storable(Entity entity) {
        for (String field : KnownFields.unknown(entity.type(), entity.item())) {
            if (unknownFields.add(entity.type().wireName() + "." + field)) {
                findings.add(
                        "fields that this manager does not know, not restored",
                        entity.type().wireName() + "." + field);
            }
        }
        return storable(entity.item(), entity.title());
    }

    /** The item without values that the database cannot hold, with a warning where there were some. */
    Item storable(Item item, String title) {
        StorableItem storable = StorableItem.of(item);
        if (!storable.replaced().isEmpty()) {
            findings.add("values that the database cannot hold were replaced in " + title + ": "
                    + String.join("; ", storable.replaced()));
        }
        return storable.item();
    }
}
