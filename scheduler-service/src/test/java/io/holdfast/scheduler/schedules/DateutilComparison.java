package io.holdfast.scheduler.schedules;

import io.holdfast.contracts.errors.ManagerException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Holds lines that {@code rules.py} has written against the occurrences found here. */
final class DateutilComparison {

    private static final List<String> MARKS = List.of(".", "?", "!");

    private DateutilComparison() {}

    /** What differs, one entry a line. */
    static List<String> differences(List<String> lines) {
        List<String> differences = new ArrayList<>();
        for (String line : lines) {
            if (!line.startsWith("#")) {
                String[] fields = line.split("\\|", -1);
                String found = found(fields);
                if (!found.equals(fields[3])) {
                    differences.add(line + "\n  found here: " + found);
                }
            }
        }
        return differences;
    }

    private static String found(String[] fields) {
        List<String> expected = List.of(fields[3].split(" "));
        String mark = expected.get(expected.size() - 1);
        boolean marked = MARKS.contains(mark);
        int known = marked ? expected.size() - 1 : expected.size();
        try {
            Occurrences occurrences = Occurrences.of(rule(fields[0]), Instant.parse(fields[1]), null);
            List<Instant> after = occurrences.after(Instant.parse(fields[2]), mark.equals(".") ? known + 1 : known);
            String text = after.stream().map(Instant::toString).collect(Collectors.joining(" "));
            return marked && !mark.equals("!") ? (text + " " + mark).strip() : text;
        } catch (ManagerException e) {
            // Where it was given up at once, it may have been about to be refused.
            return known == 0 && mark.equals("?") ? "?" : "!";
        }
    }

    private static Map<String, Object> rule(String text) {
        if (!text.startsWith("recurrence=")) {
            return Map.of("rrule", text.replace("\\n", "\n"));
        }
        Map<String, Object> rule = new HashMap<>();
        for (String part : text.split(";")) {
            String[] pair = part.split("=");
            rule.put(
                    pair[0],
                    switch (pair[0]) {
                        case "count" -> Integer.valueOf(pair[1]);
                        case "weekdays" -> List.of(pair[1].split(","));
                        default -> pair[1];
                    });
        }
        return rule;
    }
}
