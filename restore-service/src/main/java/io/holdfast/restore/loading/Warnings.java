package io.holdfast.restore.loading;

import java.util.ArrayList;
import java.util.List;

/** Collects what a person should read after a restore. Bounded: an archive cannot fill the memory with its faults. Thread-safe. */
public final class Warnings {

    /** As many as somebody may read; the rest is counted. */
    static final int LIMIT = 500;

    private final List<String> texts = new ArrayList<>();
    private long left;

    /** @param text what was found and what became of it, with tenant and id; never a secret */
    public synchronized void add(String text) {
        if (texts.size() < LIMIT) {
            texts.add(text);
        } else {
            left++;
        }
    }

    /** In the order of adding; the last one tells how many did not fit. */
    public synchronized List<String> list() {
        List<String> all = new ArrayList<>(texts);
        if (left > 0) {
            all.add("and " + left + " more warnings");
        }
        return all;
    }
}
