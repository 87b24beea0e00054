package io.holdfast.archive.cloudify;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Merges the dumps of entities that have keys: what changed while a snapshot was made is dumped again, and the last dump of an
 * entity holds.
 */
final class DumpedEntities {

    /** A document of up to so many items is merged in memory, in one reading; Cloudify writes at most 500. */
    private static final int HELD_AT_ONCE = 1000;

    private DumpedEntities() {}

    /** Reads each entity of {@code documents} (of one type, source and source id, in order) once, in its last version. */
    static <X extends Exception> void read(
            EntityType type, List<Document> documents, DumpedEvents.DocumentVisitor<X> visitor) throws X {
        if (documents.size() == 1 && documents.get(0).items() <= HELD_AT_ONCE) {
            readOne(type, documents.get(0), visitor);
            return;
        }
        KeyTable last = new KeyTable();
        for (int number = 0; number < documents.size(); number++) {
            int document = number;
            documents.get(number).read((index, item) -> last.put(key(type, item), place(document, index)));
        }
        for (int number = 0; number < documents.size(); number++) {
            int place = number;
            Document document = documents.get(number);
            document.<X>read((index, item) -> {
                if (last.get(key(type, item)) == place(place, index)) {
                    visitor.visit(document, item);
                }
            });
        }
    }

    private static <X extends Exception> void readOne(
            EntityType type, Document document, DumpedEvents.DocumentVisitor<X> visitor) throws X {
        Map<List<String>, Item> items = new LinkedHashMap<>();
        document.read((index, item) -> items.put(key(type, item), item));
        for (Item item : items.values()) {
            visitor.visit(document, item);
        }
    }

    private static long place(int document, int index) {
        return ((document + 1L) << 32) | index;
    }

    private static List<String> key(EntityType type, Item item) {
        List<String> key = new ArrayList<>();
        for (String field : type.key()) {
            String value = item.text(field);
            if (value == null && key.isEmpty()) {
                throw new ManagerException(
                        ErrorCode.INVALID_ARCHIVE,
                        item.where() + " (" + type.wireName() + ") has no " + field,
                        "the archive is damaged; take a new snapshot");
            }
            key.add(value == null ? "" : value);
        }
        return key;
    }
}
