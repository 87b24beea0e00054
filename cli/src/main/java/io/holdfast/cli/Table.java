package io.holdfast.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows in the frame that users of the manager's own command line know. */
final class Table {

    /** A stack trace in a cell would push all others off the screen. */
    private static final int WIDEST = 80;

    private final List<String> columns;
    private final List<List<String>> rows = new ArrayList<>();

    Table(List<String> columns) {
        this.columns = List.copyOf(columns);
    }

    Table row(Map<String, ?> item) {
        List<String> row = new ArrayList<>();
        columns.forEach(column -> row.add(cell(item.get(column))));
        rows.add(row);
        return this;
    }

    /** One line of at most {@link #WIDEST} characters; {@code --json} has all of them. */
    private static String cell(@Nullable Object value) {
        String text = Json.text(value).replace("\r", "").replace('\n', ' ');
        return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 1) + "…";
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    @Override
    public String toString() {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        rule(text, widths);
        line(text, widths, columns);
        rule(text, widths);
        rows.forEach(row -> line(text, widths, row));
        if (!rows.isEmpty()) {
            rule(text, widths);
        }
        return text.toString();
    }

    private static void rule(StringBuilder text, int[] widths) {
        for (int width : widths) {
            text.append('+').append("-".repeat(width + 2));
        }
        text.append("+\n");
    }

    private static void line(StringBuilder text, int[] widths, List<String> cells) {
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            text.append("| ").append(cell).append(" ".repeat(widths[i] - cell.length() + 1));
        }
        text.append("|\n");
    }
}
