package io.holdfast.archive.cloudify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.archive.ArchiveLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Merges the dumps of one execution's (or group's) events. Events have no identity, and two equal ones are two events. A snapshot
 * in the making dumps the events of an execution again, whole, when it changed. So an event belongs into the result as often as in
 * the dump that has it most often: equal ones survive, dumped again ones do not double. One dump may span several documents.
 */
final class DumpedEvents {

    /** Items in a full document; only then does a dump go on in the next one. */
    static final int CHUNK = 500;

    private DumpedEvents() {}

    /** Parts {@code documents} (of one source id, in order) into dumps. */
    static List<List<Document>> dumps(List<Document> documents, ArchiveLayout layout) {
        List<List<Document>> dumps = new ArrayList<>();
        Document last = null;
        for (Document document : documents) {
            if (last == null || layout == ArchiveLayout.CLOUDIFY_N1 && !continues(last, document)) {
                dumps.add(new ArrayList<>());
            }
            dumps.get(dumps.size() - 1).add(document);
            last = document;
        }
        return dumps;
    }

    private static boolean continues(Document last, Document next) {
        boolean repeated = last.checksum() == next.checksum() && last.items() == next.items();
        return next.number() == last.number() + 1
                && last.items() >= CHUNK
                && Objects.equals(last.latestTimestamp(), next.latestTimestamp())
                && !repeated;
    }

    /** Reads the merged events in the order of the dumps. Keeps a hash for each event of this one source, not the events. */
    static <X extends Exception> void read(List<List<Document>> dumps, DocumentVisitor<X> visitor) throws X {
        if (dumps.size() == 1) {
            for (Document document : dumps.get(0)) {
                document.<X>read((index, item) -> visitor.visit(document, item));
            }
            return;
        }
        KeyTable given = new KeyTable();
        for (List<Document> dump : dumps) {
            KeyTable inThisDump = new KeyTable();
            for (Document document : dump) {
                document.<X>read((index, item) -> {
                    List<String> key = List.of(canonical(item.node()));
                    long count = inThisDump.get(key) + 1;
                    inThisDump.put(key, count);
                    if (count > given.get(key)) {
                        given.put(key, count);
                        visitor.visit(document, item);
                    }
                });
            }
        }
    }

    @FunctionalInterface
    interface DocumentVisitor<X extends Exception> {
        void visit(Document document, Item item) throws X;
    }

    private static String quoted(String key) {
        return JsonNodeFactory.instance.textNode(key).toString();
    }

    /** Equal for equal values, whatever the order of the fields. */
    private static String canonical(JsonNode node) {
        if (node.isObject()) {
            TreeMap<String, String> fields = new TreeMap<>();
            node.properties().forEach(field -> fields.put(quoted(field.getKey()), canonical(field.getValue())));
            return fields.toString();
        }
        if (node.isArray()) {
            List<String> elements = new ArrayList<>();
            node.forEach(element -> elements.add(canonical(element)));
            return elements.toString();
        }
        return node.toString();
    }
}
