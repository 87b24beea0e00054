package io.holdfast.diagnostics;

import java.util.ArrayDeque;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/** Keeps the end of the log in memory, as text. Thread-safe. */
final class RingHandler extends Handler {

    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private final long mostChars;
    private long chars;

    /** @param mostChars of all records together; a longer record is cut */
    RingHandler(Formatter formatter, long mostChars) {
        setFormatter(formatter);
        this.mostChars = mostChars;
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        String whole = getFormatter().format(record);
        String line = whole.length() <= mostChars ? whole : whole.substring(0, (int) mostChars);
        synchronized (lines) {
            lines.addLast(line);
            chars += line.length();
            while (chars > mostChars) {
                chars -= lines.removeFirst().length();
            }
        }
    }

    String text() {
        synchronized (lines) {
            return String.join("", lines);
        }
    }

    @Override
    public void flush() {
        // Nothing is held back.
    }

    @Override
    public void close() {
        synchronized (lines) {
            lines.clear();
            chars = 0;
        }
    }
}
