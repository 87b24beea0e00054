package io.holdfast.archive.cloudify;

import io.holdfast.archive.ArchiveLayout;
import org.jspecify.annotations.Nullable;

/**
 * One entity as an archive carries it, after the merge of repeated dumps.
 *
 * @param tenant the tenant in whose part of the archive it lies; null for management types. Not always its owner: resources of
 *     global visibility are dumped again in every tenant
 * @param source for events what they belong to: {@code executions} or {@code execution_groups}; otherwise null
 * @param sourceId the deployment, execution or group that it belongs to; null where the item itself says it
 * @param file the document that it comes from, for messages
 */
public record Entity(
        ArchiveLayout layout,
        @Nullable String tenant,
        EntityType type,
        @Nullable String source,
        @Nullable String sourceId,
        Item item,
        String file) {

    /** Source of events that belong to an execution. */
    public static final String OF_EXECUTIONS = "executions";

    /** Source of events that belong to an execution group. */
    public static final String OF_EXECUTION_GROUPS = "execution_groups";

    /** For people: type, key and tenant. */
    public String title() {
        StringBuilder title = new StringBuilder(type.wireName());
        type.key().stream()
                .limit(type == EntityType.PERMISSIONS ? 2 : 1)
                .forEach(field -> title.append(' ').append(item.text(field)));
        if (type.key().isEmpty()) {
            title.append(" of ").append(sourceId);
        }
        if (tenant != null) {
            title.append(" of tenant ").append(tenant);
        }
        return title.toString();
    }
}
