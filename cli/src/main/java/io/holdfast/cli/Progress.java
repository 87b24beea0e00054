package io.holdfast.cli;

import java.io.PrintWriter;

/** How far a transfer is: a bar on a terminal, silence elsewhere. Not thread-safe. */
final class Progress {

    private static final int BAR = 32;
    private static final long REDRAW_NANOS = 100_000_000L;

    private final PrintWriter out;
    private final boolean shown;
    private final String label;
    private final long start = System.nanoTime();
    private long totalBytes;
    private long drawn;

    /** @param totalBytes negative if not known */
    Progress(PrintWriter out, boolean shown, String label, long totalBytes) {
        this.out = out;
        this.shown = shown;
        this.label = label;
        this.totalBytes = totalBytes;
    }

    void total(long bytes) {
        totalBytes = bytes;
    }

    void at(long doneBytes) {
        long now = System.nanoTime();
        if (shown && now - drawn >= REDRAW_NANOS) {
            drawn = now;
            out.print("\r" + line(doneBytes, now - start));
            out.flush();
        }
    }

    void end(long doneBytes) {
        if (shown) {
            out.println("\r" + line(doneBytes, System.nanoTime() - start));
            out.flush();
        }
    }

    String line(long doneBytes, long nanos) {
        double seconds = Math.max(nanos / 1e9, 1e-3);
        String rate = " %.1f MB/s".formatted(doneBytes / 1e6 / seconds);
        if (totalBytes <= 0) {
            return label + " |" + "%.1f MB".formatted(doneBytes / 1e6) + "|" + rate;
        }
        double part = Math.min(1, (double) doneBytes / totalBytes);
        int filled = (int) (part * BAR);
        return label + " |" + "#".repeat(filled) + "-".repeat(BAR - filled) + "| %.1f%%".formatted(part * 100) + rate;
    }
}
