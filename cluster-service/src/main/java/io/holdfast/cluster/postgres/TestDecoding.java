package io.holdfast.cluster.postgres;

import io.holdfast.cluster.postgres.SalvagedChange.Column;
import io.holdfast.cluster.postgres.SalvagedChange.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads lines of PostgreSQL's output plugin {@code test_decoding}. Unlike {@code pgoutput} it needs no publication: one for all tables
 * would make PostgreSQL refuse updates of tables without a primary key. Values are in PostgreSQL's own text form, as in a dump.
 */
public final class TestDecoding {
    private static final String UNCHANGED = "unchanged-toast-datum";

    private final String line;
    private int at;

    private TestDecoding(String line, int at) {
        this.line = line;
        this.at = at;
    }

    /**
     * @param line such as {@code table public.t: INSERT: id[integer]:1 name[text]:'x'}
     * @return empty for lines that are no change of a table: BEGIN, COMMIT, messages. Several for a TRUNCATE of several tables
     * @throws IllegalArgumentException if a change is in no known form
     */
    public static List<SalvagedChange> changes(long timeline, long xid, String line) {
        if (!line.startsWith("table ")) {
            return List.of();
        }
        TestDecoding reader = new TestDecoding(line, "table ".length());
        List<String[]> tables = new ArrayList<>();
        do {
            String schema = reader.identifier();
            reader.expect(".");
            tables.add(new String[] {schema, reader.identifier()});
        } while (reader.skip(", "));
        reader.expect(": ");
        Kind kind = reader.kind();
        List<SalvagedChange> changes = new ArrayList<>();
        if (kind == Kind.TRUNCATE) {
            for (String[] table : tables) {
                changes.add(new SalvagedChange(timeline, xid, table[0], table[1], kind, List.of(), List.of()));
            }
            return changes;
        }
        List<Column> before = List.of();
        List<Column> after = List.of();
        if (!reader.skip(" (no-tuple-data)")) {
            if (reader.skip(" old-key:")) {
                before = reader.columns();
                reader.expect(" new-tuple:");
            }
            if (kind == Kind.DELETE) {
                before = reader.columns();
            } else {
                after = reader.columns();
            }
        }
        if (reader.at != line.length()) {
            throw reader.unexpected("the end");
        }
        return List.of(new SalvagedChange(timeline, xid, tables.get(0)[0], tables.get(0)[1], kind, before, after));
    }

    /** The time in {@code COMMIT 733 (at 2026-11-26 02:09:08.123456+00)}; empty for any other line. */
    public static Optional<String> commitTime(String line) {
        int at = line.indexOf(" (at ");
        return line.startsWith("COMMIT") && at > 0 && line.endsWith(")")
                ? Optional.of(line.substring(at + 5, line.length() - 1))
                : Optional.empty();
    }

    private Kind kind() {
        for (Kind kind : List.of(Kind.INSERT, Kind.UPDATE, Kind.DELETE, Kind.TRUNCATE)) {
            if (skip(kind.name() + ":")) {
                return kind;
            }
        }
        throw unexpected("INSERT, UPDATE, DELETE or TRUNCATE");
    }

    private List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        while (at < line.length() && line.charAt(at) == ' ' && !line.startsWith(" new-tuple:", at)) {
            at++;
            String name = identifier();
            expect("[");
            String type = type();
            expect("]:");
            columns.add(value(name, type));
        }
        return columns;
    }

    /** Up to the bracket that closes it: a type's name may hold brackets in pairs, and anything in double quotes. */
    private String type() {
        int start = at;
        int depth = 0;
        boolean quoted = false;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '[') {
                depth++;
            } else if (!quoted && c == ']') {
                if (depth == 0) {
                    return line.substring(start, at);
                }
                depth--;
            }
            at++;
        }
        throw unexpected("the end of a type");
    }

    private Column value(String name, String type) {
        if (skip(UNCHANGED)) {
            return new Column(name, type, null, false);
        }
        if (skip("null")) {
            return new Column(name, type, null, true);
        }
        if (skip("B'") || skip("'")) {
            return new Column(name, type, quoted('\''), true);
        }
        int start = at;
        while (at < line.length() && line.charAt(at) != ' ') {
            at++;
        }
        return new Column(name, type, line.substring(start, at), true);
    }

    private String identifier() {
        if (skip("\"")) {
            return quoted('"');
        }
        int start = at;
        while (at < line.length() && isPlain(line.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw unexpected("a name");
        }
        return line.substring(start, at);
    }

    private static boolean isPlain(char c) {
        return c == '_' || c == '$' || Character.isLetterOrDigit(c);
    }

    /** After the opening quote up to the closing one; a doubled quote stands for itself. */
    private String quoted(char quote) {
        StringBuilder text = new StringBuilder();
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c != quote) {
                text.append(c);
            } else if (at < line.length() && line.charAt(at) == quote) {
                text.append(quote);
                at++;
            } else {
                return text.toString();
            }
        }
        throw unexpected("the closing " + quote);
    }

    private boolean skip(String text) {
        if (line.startsWith(text, at)) {
            at += text.length();
            return true;
        }
        return false;
    }

    private void expect(String text) {
        if (!skip(text)) {
            throw unexpected(text);
        }
    }

    private IllegalArgumentException unexpected(String expected) {
        // the line itself may hold what nobody should read in a log
        return new IllegalArgumentException("expected " + expected + " at " + at + " of a decoded change of "
                + line.length() + " characters: " + head());
    }

    private String head() {
        int end = line.indexOf(": ");
        return end < 0 ? "" : line.substring(0, end);
    }
}
