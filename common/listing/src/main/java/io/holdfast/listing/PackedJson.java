package io.holdfast.listing;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** A long JSON text, compressed until it is sent: plans of blueprints have tens of megabytes, and shrink to a tenth. Immutable. */
final class PackedJson implements JsonSerializable {

    /** Characters from which on it is worth the time. */
    static final int WORTH = 1 << 16;

    private final byte[] packed;

    PackedJson(String json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(json.length() / 8);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (Writer to =
                new OutputStreamWriter(new DeflaterOutputStream(bytes, deflater, 1 << 13), StandardCharsets.UTF_8)) {
            to.write(json);
        } catch (IOException e) {
            throw new IllegalStateException("memory takes what is written", e);
        } finally {
            deflater.end();
        }
        this.packed = bytes.toByteArray();
    }

    /** Bytes, compressed. */
    int size() {
        return packed.length;
    }

    @Override
    public void serialize(JsonGenerator to, SerializerProvider serializers) throws IOException {
        to.writeRawValue("");
        char[] part = new char[1 << 13];
        int kept = 0;
        try (Reader from = new InputStreamReader(
                new InflaterInputStream(new ByteArrayInputStream(packed)), StandardCharsets.UTF_8)) {
            for (int read = from.read(part, kept, part.length - kept);
                    read >= 0;
                    read = from.read(part, kept, part.length - kept)) {
                int length = kept + read;
                // Both halves of a character beyond 16 bits have to come at once.
                kept = length > 0 && Character.isHighSurrogate(part[length - 1]) ? 1 : 0;
                to.writeRaw(part, 0, length - kept);
                part[0] = kept > 0 ? part[length - 1] : part[0];
            }
        }
    }

    @Override
    public void serializeWithType(JsonGenerator to, SerializerProvider serializers, TypeSerializer type)
            throws IOException {
        serialize(to, serializers);
    }
}
