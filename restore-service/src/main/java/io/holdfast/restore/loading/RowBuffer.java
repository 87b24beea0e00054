package io.holdfast.restore.loading;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Rows as PostgreSQL's COPY text: fields apart by tabs, rows by newlines, {@code \N} for null, backslash escapes. Source: PostgreSQL
 * manual, COPY, "Text Format". Not thread-safe.
 */
public final class RowBuffer {

    private static final byte[] NULL = {'\\', 'N'};

    private byte[] bytes = new byte[8 * 1024];
    private int size;

    /**
     * Appends a row, whole or not at all.
     *
     * @throws IllegalArgumentException if a value is of a type that has no text here, or is text with U+0000, which PostgreSQL cannot hold
     */
    public void row(@Nullable Object[] values) {
        int start = size;
        try {
            for (int i = 0; i < values.length; i++) {
                if (i > 0) {
                    put((byte) '\t');
                }
                value(values[i]);
            }
            put((byte) '\n');
        } catch (IllegalArgumentException e) {
            size = start;
            throw e;
        }
    }

    public int size() {
        return size;
    }

    public void clear() {
        size = 0;
    }

    /** The buffer itself, valid up to {@link #size} and until the next change. */
    public byte[] array() {
        return bytes;
    }

    private void value(@Nullable Object value) {
        if (value == null) {
            put(NULL);
        } else if (value instanceof String text) {
            text(text);
        } else if (value instanceof Boolean flag) {
            put((byte) (flag ? 't' : 'f'));
        } else if (value instanceof Integer || value instanceof Long || value instanceof Short) {
            put(value.toString().getBytes(StandardCharsets.US_ASCII));
        } else if (value instanceof Double || value instanceof Float || value instanceof BigDecimal) {
            put(value.toString().getBytes(StandardCharsets.US_ASCII));
        } else if (value instanceof Instant instant) {
            put(instant.toString().getBytes(StandardCharsets.US_ASCII));
        } else if (value instanceof byte[] binary) {
            put(("\\\\x" + HexFormat.of().formatHex(binary)).getBytes(StandardCharsets.US_ASCII));
        } else {
            throw new IllegalArgumentException(
                    "no COPY text for a " + value.getClass().getName());
        }
    }

    private void text(String text) {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            switch (b) {
                case 0 ->
                    throw new IllegalArgumentException("text with a NUL character, which the database cannot hold");
                case '\\' -> escaped('\\');
                case '\t' -> escaped('t');
                case '\n' -> escaped('n');
                case '\r' -> escaped('r');
                default -> put(b);
            }
        }
    }

    private void escaped(char c) {
        put((byte) '\\');
        put((byte) c);
    }

    private void put(byte b) {
        room(1);
        bytes[size++] = b;
    }

    private void put(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
