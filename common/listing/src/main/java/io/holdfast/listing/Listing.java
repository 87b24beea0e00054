package io.holdfast.listing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list and its place in the whole.
 *
 * @param total rows that the request matches, over all pages
 * @param size the page size asked for, also when paging is off
 * @param filtered rows hidden by filter rules; null without rules
 */
public record Listing(
        List<Row> rows,
        long total,
        int size,
        long offset,
        @Nullable Long filtered) {

    public Listing {
        rows = List.copyOf(rows);
    }

    public Listing withFiltered(long hiddenByRules) {
        return new Listing(rows, total, size, offset, hiddenByRules);
    }

    /** {@code {"items": […], "metadata": {"pagination": {total, size, offset}, "filtered": null}}} */
    public ObjectNode toJson() {
        ObjectNode envelope = JsonNodeFactory.instance.objectNode();
        ArrayNode items = envelope.putArray("items");
        rows.forEach(row -> items.add(row.json()));
        ObjectNode metadata = envelope.putObject("metadata");
        metadata.putObject("pagination").put("total", total).put("size", size).put("offset", offset);
        metadata.put("filtered", filtered);
        return envelope;
    }

    /** The same without {@code filtered}: as the answers for events and the audit log are. Source: cloudify-api section 1.6. */
    public ObjectNode toUnfilteredJson() {
        ObjectNode envelope = toJson();
        envelope.withObject("/metadata").remove("filtered");
        return envelope;
    }

    /** The envelope around things that did not come from an {@link Entity}. */
    public static ObjectNode envelope(ArrayNode items, long total, int size, long offset) {
        ObjectNode envelope = unfiltered(items, total, size, offset);
        envelope.withObject("/metadata").putNull("filtered");
        return envelope;
    }

    /** The same without {@code filtered}: as the answers for events, summaries and workflows are. Source: cloudify-api section 1.6. */
    public static ObjectNode unfiltered(ArrayNode items, long total, int size, long offset) {
        ObjectNode envelope = JsonNodeFactory.instance.objectNode();
        envelope.set("items", items);
        envelope.putObject("metadata")
                .putObject("pagination")
                .put("total", total)
                .put("size", size)
                .put("offset", offset);
        return envelope;
    }
}
