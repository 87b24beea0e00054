package io.holdfast.restore.cloudify;

import io.holdfast.restore.loading.Warnings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a person should know of an import, the many of one kind in one warning. */
final class Findings {

    private static final int NAMED = 20;

    private final Warnings warnings;
    private final Map<String, Group> groups = new LinkedHashMap<>();

    Findings(Warnings warnings) {
        this.warnings = warnings;
    }

    void add(String text) {
        warnings.add(text);
    }

    /** @param kind what is the matter, as a sentence without its end; the names follow after a colon */
    void add(String kind, String name) {
        groups.computeIfAbsent(kind, any -> new Group()).add(name);
    }

    /** Passes on what was grouped. */
    void finish() {
        groups.forEach((kind, group) -> warnings.add(kind + " (" + group.count + "): " + group));
        groups.clear();
    }

    private static final class Group {
        private final List<String> names = new ArrayList<>();
        private long count;

        void add(String name) {
            count++;
            if (names.size() < NAMED) {
                names.add(name);
            }
        }

        @Override
        public String toString() {
            return String.join(", ", names) + (count > names.size() ? ", …" : "");
        }
    }
}
