package io.holdfast.archive.cloudify;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * One JSON document of an archive, {@code {"type", "items", "source"?, "source_id"?, "latest_timestamp"?}}, as a first reading
 * found it.
 *
 * @param number its place in its directory
 * @param checksum of the whole document, to tell a repeated one
 */
record Document(
        Blob blob,
        @Nullable String tenant,
        int number,
        String type,
        @Nullable String source,
        @Nullable String sourceId,
        @Nullable String latestTimestamp,
        int items,
        long checksum) {

    /** Takes the items of a document in their order. */
    @FunctionalInterface
    interface ItemVisitor<X extends Exception> {
        void visit(int index, Item item) throws X;
    }

    /** Reads a document through without keeping its items. */
    static Document scan(Blob blob, @Nullable String tenant, int number) {
        String type = null;
        String source = null;
        String sourceId = null;
        String latestTimestamp = null;
        int items = -1;
        CRC32 checksum = new CRC32();
        try (InputStream in = new CheckedInputStream(blob.open(), checksum);
                JsonParser parser = Json.MAPPER.createParser(in)) {
            expect(blob, parser, parser.nextToken(), JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (field) {
                    case "type" -> type = text(blob, parser);
                    case "source" -> source = text(blob, parser);
                    case "source_id" -> sourceId = text(blob, parser);
                    case "latest_timestamp" -> latestTimestamp = text(blob, parser);
                    case "items" -> {
                        expect(blob, parser, value, JsonToken.START_ARRAY);
                        items = 0;
                        while (parser.nextToken() != JsonToken.END_ARRAY) {
                            expect(blob, parser, parser.currentToken(), JsonToken.START_OBJECT);
                            parser.skipChildren();
                            items++;
                        }
                    }
                    default -> parser.skipChildren();
                }
            }
            end(blob, parser);
        } catch (IOException e) {
            throw damaged(blob, e);
        }
        if (type == null || items < 0) {
            throw new ManagerException(
                    ErrorCode.INVALID_ARCHIVE,
                    blob.path() + " has no " + (type == null ? "type" : "items"),
                    "the archive is damaged; take a new snapshot");
        }
        return new Document(blob, tenant, number, type, source, sourceId, latestTimestamp, items, checksum.getValue());
    }

    /** Reads the items, one in memory at a time. */
    <X extends Exception> void read(ItemVisitor<X> visitor) throws X {
        try (InputStream in = blob.open();
                JsonParser parser = Json.MAPPER.createParser(in)) {
            expect(blob, parser, parser.nextToken(), JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (!field.equals("items")) {
                    parser.skipChildren();
                    continue;
                }
                for (int index = 0; parser.nextToken() == JsonToken.START_OBJECT; index++) {
                    ObjectNode node = Json.MAPPER.readTree(parser);
                    visitor.visit(index, new Item(node, "item " + index + " of " + blob.path()));
                }
            }
        } catch (IOException e) {
            throw damaged(blob, e);
        }
    }

    static ManagerException damaged(Blob blob, IOException cause) {
        String what = cause instanceof JsonParseException || cause instanceof StreamConstraintsException
                ? " is not readable JSON"
                : " is not readable";
        return new ManagerException(
                ErrorCode.INVALID_ARCHIVE,
                blob.path() + what,
                "the archive is damaged or cut off; fetch it again, or take a new snapshot",
                cause);
    }

    private static @Nullable String text(Blob blob, JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        expect(blob, parser, parser.currentToken(), JsonToken.VALUE_STRING);
        return parser.getText();
    }

    private static void end(Blob blob, JsonParser parser) throws IOException {
        expect(blob, parser, parser.currentToken(), JsonToken.END_OBJECT);
        if (parser.nextToken() != null) {
            throw unexpected(blob, parser, "the end");
        }
    }

    private static void expect(Blob blob, JsonParser parser, @Nullable JsonToken found, JsonToken expected) {
        if (found != expected) {
            throw unexpected(blob, parser, expected.name());
        }
    }

    private static ManagerException unexpected(Blob blob, JsonParser parser, String expected) {
        return new ManagerException(
                ErrorCode.INVALID_ARCHIVE,
                blob.path() + " has " + parser.currentToken() + " at line "
                        + parser.currentLocation().getLineNr() + "; expected " + expected,
                "the archive is damaged; take a new snapshot");
    }
}
