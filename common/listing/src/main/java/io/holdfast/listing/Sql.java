package io.holdfast.listing;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CallerIdentity;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.time.temporal.ValueRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The statements for a request. Text comes from descriptors only; what a client sent is bound, or chosen from names that the
 * descriptor knows.
 */
final class Sql {

    /** The column of a page's rows that says how many there are of all pages, where that is known beforehand. */
    static final String TOTAL = "rows_of_all_pages";

    /** The column of a page's rows that says which rows there are of the table; another text after each change. */
    static final String STATE = "state_of_rows";

    /** The columns of a page's rows that they are sorted by are called this and a number, from 0; the last one is the storage id. */
    static final String MARK = "mark_";

    private static final String DESCENDING = " DESC";

    /** What is in none of these years, PostgreSQL may not know as a time. */
    private static final ValueRange YEARS = ValueRange.of(0, 9999);

    /** Skipping fewer rows than this costs less than looking whether they are still the same. */
    private static final long FAR = 1_000;

    /** A place of a list is what it is sorted by, seconds or a storage id, without so many of its last bits: {@code row_counts.place}. */
    private static final int PLACE_BITS = 14;

    /** How many rows of a group are counted to see whether it is a new one. */
    static final long OF_GROUP = 1_000;

    /**
     * @param text with one {@code ?} for each bind
     * @param total whether each row has {@link #TOTAL}
     * @param marks how many columns {@link #MARK} each row has, beside {@link #STATE}; 0: neither
     */
    record Statement(String text, List<@Nullable Object> binds, boolean total, int marks) {
        Statement {
            binds = Collections.unmodifiableList(binds);
        }

        Statement(String text, List<@Nullable Object> binds) {
            this(text, binds, false, 0);
        }
    }

    /** Beyond it, sorting all rows once is less work than reading so many of each tenant. */
    private static final long TENANT_BY_TENANT = 10_000;

    /** What rows are told apart by wherever they are counted. */
    private static final Set<String> COUNTED_BY = Set.of("tenant_name", "visibility");

    private final Entity entity;
    private final ListRequest request;
    private final CallerIdentity caller;
    private final List<Condition> conditions;

    Sql(Entity entity, ListRequest request, CallerIdentity caller, List<Condition> conditions) {
        this.entity = entity;
        this.request = request;
        this.caller = caller;
        this.conditions = conditions;
    }

    /** The fields of the answer; {@code no_such_include_field_error} for others. */
    static List<Field> wanted(Entity entity, Set<String> include) {
        List<Field> all = entity.shown();
        if (include.isEmpty()) {
            return all;
        }
        ListRequest.requireFields(include, all.stream().map(Field::name).toList());
        return all.stream().filter(field -> include.contains(field.name())).toList();
    }

    /** One page: tenant and id, the hidden columns, the wanted fields that SQL gives. */
    Statement page() {
        return page(null);
    }

    /** The same, skipping only the rows from the mark on; it must be one of {@link #markedList}. */
    Statement page(Marks.@Nullable Mark from) {
        if (!request.allResults() && (entity.counts() != null || inParts())) {
            return searches() ? pageOfFound() : pageByKeys(from);
        }
        List<@Nullable Object> binds = new ArrayList<>();
        StringBuilder text = select();
        text.append(" WHERE ").append(where(binds)).append(grouping());
        text.append(" ORDER BY ").append(order(binds));
        page(text, binds);
        return new Statement(text.toString(), binds);
    }

    /**
     * The storage ids of the page first, from indexes where they have what is asked, then these rows: what else is shown of a row is not
     * worked out for those that the offset skips.
     */
    private Statement pageByKeys(Marks.@Nullable Mark from) {
        List<@Nullable Object> binds = new ArrayList<>();
        Entity.Counts counts = entity.counts();
        boolean total = counts != null && countsKnow(counts);
        int marks = 0;
        StringBuilder more = new StringBuilder();
        if (counts != null && total) {
            more.append(", (").append(sum(counts, binds)).append(") AS ").append(TOTAL);
            if (markedList().isPresent()) {
                for (SortKey key : sortKeys()) {
                    more.append(", ")
                            .append(key.sql())
                            .append(" AS ")
                            .append(MARK)
                            .append(marks++);
                }
                more.append(", ")
                        .append(storageId())
                        .append(" AS ")
                        .append(MARK)
                        .append(marks++);
                more.append(", ")
                        .append(state(counts, List.of(), binds))
                        .append(" AS ")
                        .append(STATE);
            }
        }
        long skipped = request.offset() - (from == null ? 0 : from.offset());
        StringBuilder text =
                select(more.toString()).append(" WHERE ").append(storageId()).append(" = ANY (ARRAY(");
        if (inParts()) {
            keysOfParts(from, text, binds);
        } else if (counts != null && tenantByTenant(counts)) {
            keysOfTenants(counts, text, binds);
        } else {
            text.append("SELECT ").append(storageId()).append(" FROM ").append(entity.from());
            text.append(" WHERE ").append(where(binds));
            behind(from, text, binds);
            text.append(" ORDER BY ").append(order(binds));
        }
        text.append(" LIMIT ").append(number(request.size(), binds));
        text.append(" OFFSET ").append(number(skipped, binds)).append(")) ORDER BY ");
        text.append(order(binds));
        return new Statement(text.toString(), binds, total, marks);
    }

    private boolean searches() {
        return entity.searches().keySet().stream()
                .anyMatch(name -> request.special(name).isPresent());
    }

    /** All that a search finds is found once, for the page and for the total. */
    private Statement pageOfFound() {
        List<@Nullable Object> binds = new ArrayList<>();
        StringBuilder text = new StringBuilder("WITH found AS MATERIALIZED (SELECT ").append(storageId());
        text.append(" AS key");
        List<SortKey> sort = sortKeys();
        for (int i = 0; i < sort.size(); i++) {
            text.append(", ").append(sort.get(i).sql()).append(" AS s").append(i);
            sort.get(i).bindTo(binds);
        }
        text.append(" FROM ")
                .append(entity.from())
                .append(" WHERE ")
                .append(where(binds))
                .append(") ");
        text.append(select(", (SELECT count(*) FROM found) AS " + TOTAL));
        text.append(" WHERE ").append(storageId()).append(" = ANY (ARRAY(SELECT p.key FROM found p ORDER BY ");
        text.append(merged());
        page(text, binds);
        text.append(")) ORDER BY ").append(order(binds));
        return new Statement(text.toString(), binds, true, 0);
    }

    /**
     * What tells this list from others, if it is worth remembering where its pages are: one far from the beginning of all rows that the
     * caller sees in a tenant, or outside tenants, in the default order, which no row changes its place in.
     */
    Optional<Object> markedList() {
        boolean marked = request.offset() >= FAR
                && request.size() > 0
                && !request.allResults()
                && (request.sort().isEmpty() || request.sort().equals(entity.defaultSort()))
                && (inParts() || entity.ownerAlias() == null)
                && knownByCounts()
                && entity.defaultSort().stream().noneMatch(key -> key.startsWith("-"));
        return marked
                ? Optional.of(List.of(
                        entity.from(),
                        entity.defaultSort(),
                        entity.ownerAlias() == null ? List.of() : tenant(),
                        entity.ownerAlias() == null ? List.of() : seesPrivateOf(),
                        conditions))
                : Optional.empty();
    }

    /**
     * The place of the list that the page begins in, how many rows are before it, and {@link #STATE}; no row: not known. Empty: nobody
     * counts the rows of each place, or the list is none of {@link #markedList}.
     */
    Optional<Statement> place() {
        Entity.Counts counts = entity.counts();
        if (counts == null
                || counts.more() != null
                || !inParts()
                || markedList().isEmpty()) {
            return Optional.empty();
        }
        List<@Nullable Object> binds = new ArrayList<>();
        String state = state(counts, List.of(), binds);
        binds.add(List.of(counts.ofTable(), counts.ofTable() + "/places"));
        String places = "SELECT c.place, sum(c.rows)::bigint AS rows FROM " + counts.table()
                + " c WHERE c.place IS NOT NULL AND " + counted("c.of_table = ANY (?)", binds) + " GROUP BY 1";
        binds.add(request.offset());
        // Whoever counts without places leaves some out.
        String all = sum(counts, binds);
        return Optional.of(new Statement(
                "SELECT p.place, p.through - p.rows, " + state + " AS " + STATE
                        + " FROM (SELECT g.*, sum(g.rows) OVER (ORDER BY g.place) AS through, sum(g.rows) OVER () AS of_all FROM ("
                        + places
                        + ") g) p WHERE p.through > ? AND p.of_all = (" + all + ") ORDER BY p.place LIMIT 1",
                binds));
    }

    /** Where the rows of a place that {@link #place} gives begin; empty: it has those without a time, or none before them. */
    Optional<Marks.Mark> beginning(int place, long before, String state) {
        if (place == Integer.MIN_VALUE || place == Integer.MAX_VALUE) {
            return Optional.empty();
        }
        long start = (long) place << PLACE_BITS;
        return Optional.of(new Marks.Mark(
                before,
                sortKeys().isEmpty()
                        ? List.of(start)
                        : List.of(Instant.ofEpochSecond(start).atOffset(ZoneOffset.UTC), Long.MIN_VALUE),
                state));
    }

    /** Whether so many rows are skipped in a shorter time than it takes to ask for a nearer place. */
    static boolean isNear(long rows) {
        return rows <= 1 << PLACE_BITS;
    }

    /**
     * A number of rows. Part of the text where few different ones are asked for, again and again, of rows that only the caller chooses:
     * PostgreSQL plans a statement whose limit it does not know anew each time.
     */
    private String number(long rows, List<@Nullable Object> binds) {
        if (request.offset() == 0 && request.size() <= ListRequest.DEFAULT_SIZE && knownByCounts()) {
            return Long.toString(rows);
        }
        binds.add(rows);
        return "?";
    }

    /**
     * The tenant's own rows and global ones are looked for apart, because no index has the two in one order; each part has an end, because
     * PostgreSQL merges such parts in order and only sorts others.
     */
    private void keysOfParts(Marks.@Nullable Mark from, StringBuilder text, List<@Nullable Object> binds) {
        text.append("SELECT p.key FROM ((");
        keysOfPart(Part.OWN, from, text, binds);
        text.append(") UNION ALL (");
        keysOfPart(Part.GLOBAL, from, text, binds);
        text.append(")) p ORDER BY ").append(merged());
    }

    /** The first rows of each tenant that the caller sees, and global ones of others: indexes begin with the tenant. */
    private void keysOfTenants(Entity.Counts counts, StringBuilder text, List<@Nullable Object> binds) {
        text.append("SELECT p.key FROM (");
        ofEachTenant(counts, text, binds, part -> keysOfPart(part, null, text, binds));
        text.append(") p ORDER BY ").append(merged());
    }

    /** @param select appends the select of a part, which is done for each tenant that the caller sees, and for global rows of others */
    private void ofEachTenant(
            Entity.Counts counts, StringBuilder text, List<@Nullable Object> binds, Consumer<Part> select) {
        List<String> visible = caller.visibleTenants();
        text.append("SELECT k.* FROM (SELECT DISTINCT t.tenant_name FROM ");
        text.append(visible == null ? counts.table() + " t WHERE t.of_table = ?" : "unnest(?) t (tenant_name)");
        binds.add(visible == null ? counts.ofTable() : visible);
        text.append(") each_tenant CROSS JOIN LATERAL (");
        select.accept(Part.OF_TENANT);
        text.append(") k");
        if (visible != null) {
            text.append(" UNION ALL (");
            select.accept(Part.GLOBAL);
            text.append(')');
        }
    }

    /**
     * Of the request's rows that have a value in this column, the newest of each value, by storage id; the newest of all first. Where their
     * tenant alone chooses them, no others are read, given indexes of tenant, column and storage id, and of the last two for global ones.
     */
    Statement newestOfEach(String column) {
        List<@Nullable Object> binds = new ArrayList<>();
        StringBuilder text =
                select().append(" WHERE ").append(storageId()).append(" = ANY (ARRAY(SELECT max(p.key) FROM (");
        Entity.Counts counts = entity.counts();
        if (counts == null || entity.ownerAlias() == null || counts.more() != null || !countsKnow(counts)) {
            text.append("SELECT ")
                    .append(column)
                    .append(" AS value, ")
                    .append(storageId())
                    .append(" AS key FROM ");
            text.append(entity.from()).append(" WHERE ").append(where(binds));
            text.append(" AND ").append(column).append(" IS NOT NULL");
        } else if (request.allTenants()) {
            ofEachTenant(counts, text, binds, part -> newestOfPart(part, column, text, binds));
        } else {
            text.append('(');
            newestOfPart(Part.OWN, column, text, binds);
            text.append(") UNION ALL (");
            newestOfPart(Part.GLOBAL, column, text, binds);
            text.append(')');
        }
        text.append(") p GROUP BY p.value)) ORDER BY ").append(storageId()).append(DESCENDING);
        return new Statement(text.toString(), binds);
    }

    /** From each value to the next smaller one. */
    private void newestOfPart(Part part, String column, StringBuilder text, List<@Nullable Object> binds) {
        String select = "SELECT " + column + ", " + storageId() + " FROM " + entity.from() + " WHERE ";
        String last = " ORDER BY " + column + DESCENDING + ", " + storageId() + DESCENDING + " LIMIT 1";
        text.append("WITH RECURSIVE newest (value, key) AS ((").append(select).append(where(part, binds));
        text.append(" AND ").append(column).append(" IS NOT NULL").append(last);
        text.append(") UNION ALL SELECT smaller.* FROM newest CROSS JOIN LATERAL (");
        text.append(select).append(where(part, binds));
        text.append(" AND ").append(column).append(" < newest.value").append(last);
        text.append(") smaller) SELECT value, key FROM newest");
    }

    /** As many storage ids as the page's end is away from the beginning, with what they are sorted by. */
    private void keysOfPart(Part part, Marks.@Nullable Mark from, StringBuilder text, List<@Nullable Object> binds) {
        List<SortKey> sort = sortKeys();
        text.append("SELECT ").append(storageId()).append(" AS key");
        for (int i = 0; i < sort.size(); i++) {
            text.append(", ").append(sort.get(i).sql()).append(" AS s").append(i);
            sort.get(i).bindTo(binds);
        }
        text.append(" FROM ").append(entity.from()).append(" WHERE ").append(where(part, binds));
        behind(from, text, binds);
        text.append(" ORDER BY ").append(order(binds)).append(" LIMIT ");
        text.append(number(end() - (from == null ? 0 : from.offset()), binds));
    }

    /** Adds the condition that leaves out what the mark has before it. */
    private void behind(Marks.@Nullable Mark from, StringBuilder text, List<@Nullable Object> binds) {
        if (from != null) {
            List<SortKey> sort = sortKeys();
            String keys = Stream.concat(sort.stream().map(SortKey::sql), Stream.of(storageId()))
                    .collect(Collectors.joining(", "));
            text.append(" AND (").append(keys).append(") >= (");
            text.append(String.join(", ", Collections.nCopies(sort.size() + 1, "?")))
                    .append(')');
            binds.addAll(from.key());
        }
    }

    /** The order of what {@link #keysOfPart} gives. */
    private String merged() {
        List<SortKey> sort = sortKeys();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < sort.size(); i++) {
            text.append("p.s").append(i).append(sort.get(i).direction()).append(", ");
        }
        return text.append("p.key").append(lastDirection()).toString();
    }

    private long end() {
        long end = request.offset() + request.size();
        return end < 0 ? Long.MAX_VALUE : end;
    }

    /** Of the rows that a request sees: of its tenant, of the tenant that the statement looks at, or global ones of all others. */
    private enum Part {
        OWN,
        OF_TENANT,
        GLOBAL
    }

    /** Whether a page over all tenants is one of the first. */
    private boolean tenantByTenant(Entity.Counts counts) {
        return entity.ownerAlias() != null
                && request.allTenants()
                && counts.more() == null
                && end() <= TENANT_BY_TENANT;
    }

    /** Whether the rows can be looked for in these parts. */
    private boolean inParts() {
        return entity.inParts() && !request.allTenants();
    }

    private String where(Part part, List<@Nullable Object> binds) {
        String alias = String.valueOf(entity.ownerAlias());
        List<String> parts = new ArrayList<>();
        switch (part) {
            case OWN -> {
                parts.add(alias + ".tenant_name = ?");
                binds.add(tenant());
                notPrivate(alias, parts, binds);
            }
            case OF_TENANT -> {
                parts.add(alias + ".tenant_name = each_tenant.tenant_name");
                notPrivate(alias, parts, binds);
            }
            case GLOBAL -> {
                boolean all = request.allTenants();
                parts.add(alias + ".visibility = 'global' AND " + alias + ".tenant_name <> " + (all ? "ALL (?)" : "?"));
                binds.add(all ? caller.visibleTenants() : tenant());
            }
        }
        chosen(parts, binds);
        return String.join(" AND ", parts);
    }

    Statement count() {
        Entity.Counts counts = entity.counts();
        if (counts != null && countsKnow(counts)) {
            List<@Nullable Object> binds = new ArrayList<>();
            return new Statement(sum(counts, binds), binds);
        }
        Optional<String> usual = counts == null ? Optional.empty() : askedForUsual();
        if (counts != null && usual.isPresent()) {
            return countUsual(usual.get(), counts);
        }
        Optional<Kept> kept = counts == null
                ? Optional.empty()
                : kept(List.copyOf(request.filters().keySet()), counts);
        if (counts != null && kept.isPresent()) {
            return countKept(kept.get(), counts);
        }
        if (counts != null) {
            Optional<Condition> left = leftOfCounted(counts);
            if (left.isPresent()) {
                return countLeft(left.get());
            }
        }
        List<@Nullable Object> binds = new ArrayList<>();
        if (inParts()) {
            String parts = Stream.of(Part.OWN, Part.GLOBAL)
                    .map(part -> "(SELECT count(*) FROM " + entity.from() + " WHERE " + where(part, binds) + ")")
                    .collect(Collectors.joining(" + "));
            return new Statement("SELECT " + parts, binds);
        }
        String from = entity.from() + " WHERE " + where(binds);
        return new Statement(
                entity.groupSql() == null
                        ? "SELECT count(*) FROM " + from
                        : "SELECT count(*) FROM (SELECT FROM " + from + grouping() + ") AS grouped",
                binds);
    }

    /** The field by which the request filters, if it wants just the rows with its usual value. */
    private Optional<String> askedForUsual() {
        Map<String, List<String>> filters = request.filters();
        return filters.size() == 1
                ? filters.entrySet().stream()
                        .filter(filter -> {
                            Entity.Usual usual = entity.usual(filter.getKey());
                            return usual != null && filter.getValue().equals(List.of(usual.value()));
                        })
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .filter(name -> withoutFilter(name).knownByCounts())
                : Optional.empty();
    }

    /**
     * Kept numbers that tell rows apart by some fields.
     *
     * @param field whose values the table has; empty: it has none
     */
    private record Kept(String table, String field) {
        String column(String name) {
            return "c." + (name.equals(field) ? "value" : name);
        }
    }

    /** The numbers that are kept for each combination of values of these fields; empty: there are none, or more is asked for. */
    private Optional<Kept> kept(List<String> fields, Entity.Counts counts) {
        Sql all = this;
        for (String name : request.filters().keySet()) {
            all = all.withoutFilter(name);
        }
        // Whoever reads the rows refuses filters by anything else.
        boolean known = entity.filterable().containsAll(request.filters().keySet());
        if (fields.isEmpty() || !known || !all.countsKnow(counts)) {
            return Optional.empty();
        }
        boolean inTenants = entity.ownerAlias() != null && counts.more() == null;
        List<String> valued = fields.stream()
                .filter(name -> !inTenants || !COUNTED_BY.contains(name))
                .toList();
        if (valued.isEmpty()) {
            return Optional.of(new Kept(counts.table(), ""));
        }
        String field = valued.get(0);
        String table = entity.valueCounts(field);
        boolean comparable = !request.filters().containsKey(field)
                || Objects.requireNonNull(entity.field(field)).type() == FieldType.TEXT;
        return table != null && valued.size() == 1 && comparable
                ? Optional.of(new Kept(table, field))
                : Optional.empty();
    }

    /** The condition on kept numbers {@code c}: of the rows that the request is about. */
    private String counted(Kept kept, Entity.Counts counts, List<@Nullable Object> binds) {
        List<String> parts = new ArrayList<>();
        if (!kept.field().isEmpty()) {
            parts.add("c.field = ?");
            binds.add(kept.field());
        }
        request.filters().forEach((name, values) -> {
            parts.add(kept.column(name) + " = ANY (?)");
            binds.add(values);
        });
        parts.add(counted(counts, binds));
        return String.join(" AND ", parts);
    }

    private Statement countKept(Kept kept, Entity.Counts counts) {
        List<@Nullable Object> binds = new ArrayList<>();
        return new Statement(
                "SELECT coalesce(sum(c.rows), 0)::bigint FROM " + kept.table() + " c WHERE "
                        + counted(kept, counts, binds),
                binds);
    }

    /** The one condition that the counts do not know, if it says which rows are left out of those that they do know. */
    private Optional<Condition> leftOfCounted(Entity.Counts counts) {
        List<Condition> unknown = conditions.stream()
                .filter(condition -> !counts.knows(condition.sql()))
                .toList();
        return unknown.size() == 1
                ? unknown.stream()
                        .filter(condition -> condition.opposite() != null)
                        .filter(condition -> with(condition, null).countsKnow(counts))
                        .findFirst()
                : Optional.empty();
    }

    private Statement countLeft(Condition condition) {
        Statement all = with(condition, null).count();
        Statement others = with(condition, condition.opposite()).count();
        List<@Nullable Object> binds = new ArrayList<>(all.binds());
        binds.addAll(others.binds());
        return new Statement("SELECT (" + all.text() + ") - (" + others.text() + ")", binds);
    }

    /** The same with another condition instead of one, or without it. */
    private Sql with(Condition condition, @Nullable Condition instead) {
        List<Condition> others = new ArrayList<>(conditions);
        others.remove(condition);
        if (instead != null) {
            others.add(instead);
        }
        return new Sql(entity, request, caller, List.copyOf(others));
    }

    private Sql withoutFilter(String name) {
        return new Sql(entity, request.withoutFilter(name), caller, conditions);
    }

    private Statement countUsual(String field, Entity.Counts counts) {
        List<@Nullable Object> binds = new ArrayList<>();
        Sql all = withoutFilter(field);
        String sum = all.sum(counts, binds);
        String others = all.others("1", Objects.requireNonNull(entity.usual(field)), binds);
        return new Statement("SELECT (" + sum + ") - (SELECT count(*) FROM (" + others + ") o)", binds);
    }

    private boolean knownByCounts() {
        Entity.Counts counts = entity.counts();
        return counts != null && countsKnow(counts);
    }

    /** Whether nothing is asked for that only the rows themselves tell. */
    private boolean countsKnow(Entity.Counts counts) {
        return request.filters().isEmpty()
                && entity.always().isEmpty()
                && !searches()
                && conditions.stream().map(Condition::sql).allMatch(counts::knows);
    }

    private String sum(Entity.Counts counts, List<@Nullable Object> binds) {
        String more = counts.more() == null ? "" : " + (" + counts.more() + ")";
        return "SELECT coalesce(sum(c.rows), 0)::bigint" + more + " FROM " + counts.table() + " c WHERE "
                + counted(counts, binds);
    }

    /** The condition on numbers {@code c} of rows: of those that the request is about. */
    private String counted(Entity.Counts counts, List<@Nullable Object> binds) {
        binds.add(counts.ofTable());
        return counted("c.of_table = ?", binds);
    }

    /** @param table the condition on the table's name, whose values are bound */
    private String counted(String table, List<@Nullable Object> binds) {
        List<String> parts = new ArrayList<>();
        parts.add(table);
        if (entity.ownerAlias() != null) {
            parts.add(visible("c", binds));
        }
        if (!conditions.isEmpty()) {
            parts.add("NOT c.apart");
        }
        return String.join(" AND ", parts);
    }

    /**
     * Another text after each change of the table's rows, or of the values of these fields, of which those are counted; null: there are none.
     */
    private String state(Entity.Counts counts, List<String> fields, List<@Nullable Object> binds) {
        String hashes =
                "(SELECT sum(hashtextextended(c.tableoid::text || c::text, 0)) FROM %s c WHERE c.of_table = ?%s)::text";
        String state = hashes.formatted(counts.table(), "");
        binds.add(counts.ofTable());
        List<String> counted =
                fields.stream().filter(name -> entity.valueCounts(name) != null).toList();
        if (!counted.isEmpty()) {
            state += " || '/' || " + hashes.formatted(entity.valueCounts(counted.get(0)), " AND c.field = ANY (?)");
            binds.add(counts.ofTable());
            binds.add(counted);
        }
        return state;
    }

    /**
     * What tells this summary from others, if it is worth remembering: it looks at many rows, and whatever may change it changes the kept
     * numbers, too.
     */
    Optional<Object> rememberedGroups(List<Field> fields) {
        Entity.Counts counts = entity.counts();
        if (counts == null || counts.more() != null || !entity.always().isEmpty() || searches() || isKept(fields)) {
            return Optional.empty();
        }
        boolean known = conditions.stream().map(Condition::sql).allMatch(counts::knows)
                && usedBy(fields).stream().allMatch(this::isWatched);
        return known
                ? Optional.of(List.of(
                        entity.from(),
                        fields.stream().map(Field::name).toList(),
                        request.filters(),
                        conditions,
                        request.allTenants(),
                        request.allTenants() ? Optional.ofNullable(caller.visibleTenants()) : tenant(),
                        seesPrivateOf(),
                        request.allResults(),
                        request.size(),
                        request.offset()))
                : Optional.empty();
    }

    /** The state that {@link #groups} gives, alone. */
    Statement stateOfGroups(List<Field> fields) {
        List<@Nullable Object> binds = new ArrayList<>();
        String state = state(Objects.requireNonNull(entity.counts()), usedBy(fields), binds);
        return new Statement("SELECT " + state, binds);
    }

    private List<String> usedBy(List<Field> fields) {
        return Stream.concat(fields.stream().map(Field::name), request.filters().keySet().stream())
                .distinct()
                .toList();
    }

    private boolean isWatched(String field) {
        boolean byRows = entity.ownerAlias() != null && (COUNTED_BY.contains(field) || field.equals("created_by"));
        return byRows || entity.watches(field) || entity.valueCounts(field) != null;
    }

    /** Whether the kept numbers themselves are the groups. */
    private boolean isKept(List<Field> fields) {
        Entity.Counts counts = entity.counts();
        return counts != null
                && (kept(usedBy(fields), counts).isPresent()
                        || fields.size() == 1
                                && knownByCounts()
                                && entity.usual(fields.get(0).name()) != null);
    }

    /**
     * Values of the fields as text, how many rows have them, how many such groups there are.
     *
     * @param remembered whether {@link #rememberedGroups} says that they are worth it: then the state as well
     */
    Statement groups(List<Field> fields, boolean remembered) {
        Entity.Counts counts = entity.counts();
        Optional<Kept> kept = counts == null ? Optional.empty() : kept(usedBy(fields), counts);
        if (counts != null && kept.isPresent()) {
            return keptGroups(fields, kept.get(), counts);
        }
        Entity.Usual usual = entity.usual(fields.get(0).name());
        if (usual != null && counts != null && fields.size() == 1 && countsKnow(counts)) {
            return groups(fields.get(0), usual, counts);
        }
        List<@Nullable Object> binds = new ArrayList<>();
        if (isOfParts(fields)) {
            return groupsOfParts(fields.get(0), remembered, null);
        }
        List<String> columns = new ArrayList<>();
        List<String> places = new ArrayList<>();
        for (Field field : fields) {
            columns.add("(" + field.sql() + ")::text");
            places.add(String.valueOf(columns.size()));
        }
        String grouped = String.join(", ", places);
        StringBuilder text = new StringBuilder("SELECT ")
                .append(String.join(", ", columns))
                .append(", count(*), count(*) OVER ()")
                .append(remembered ? ", " + state(Objects.requireNonNull(counts), usedBy(fields), binds) : "")
                .append(" FROM ")
                .append(entity.from())
                .append(" WHERE ")
                .append(where(binds))
                .append(" GROUP BY ")
                .append(grouped)
                .append(" ORDER BY ")
                .append(grouped);
        page(text, binds);
        return new Statement(text.toString(), binds);
    }

    /** Whether {@link #groups} counts no other groups than those of the page, and how many there are is known from before and from changes. */
    boolean isOfParts(List<Field> fields) {
        return fields.size() == 1
                && entity.grouped(fields.get(0).name())
                && knownByCounts()
                && inParts()
                && !request.allResults();
    }

    /** {@link #groups} and {@link #STATE}, where it {@link #isOfParts} and how many groups there are in all is known. */
    Statement groupsOfParts(List<Field> fields, long total) {
        return groupsOfParts(fields.get(0), true, total);
    }

    /**
     * Only as many groups as the page needs are counted, of the tenant's own rows and of global ones apart; how many groups there are, an
     * index tells without the rows.
     */
    private Statement groupsOfParts(Field field, boolean remembered, @Nullable Long total) {
        List<@Nullable Object> binds = new ArrayList<>();
        String value = "(" + field.sql() + ")::text";
        String rows = " FROM " + entity.from() + " WHERE ";
        StringBuilder text = new StringBuilder("SELECT p.value, sum(p.rows)::bigint, ");
        if (total == null) {
            text.append("(SELECT count(*) FROM (SELECT ")
                    .append(value)
                    .append(rows)
                    .append(where(Part.OWN, binds));
            text.append(" GROUP BY 1) o) + (SELECT count(*) FROM (SELECT ")
                    .append(value)
                    .append(" AS value");
            text.append(rows).append(where(Part.GLOBAL, binds)).append(" GROUP BY 1) g WHERE NOT EXISTS (SELECT");
            text.append(rows).append(where(Part.OWN, binds)).append(" AND ").append(value);
            text.append(" = g.value) AND (g.value IS NOT NULL OR NOT EXISTS (SELECT");
            text.append(rows)
                    .append(where(Part.OWN, binds))
                    .append(" AND ")
                    .append(value)
                    .append(" IS NULL)))");
        } else {
            text.append("?::bigint");
            binds.add(total);
        }
        if (remembered) {
            Entity.Counts counts = Objects.requireNonNull(entity.counts());
            text.append(", ").append(state(counts, List.of(field.name()), binds));
            text.append(", (SELECT array_agg(c.id) FROM ")
                    .append(counts.table())
                    .append(" c WHERE c.of_table = ?)");
            binds.add(counts.ofTable());
        }
        String separator = " FROM (";
        for (Part part : List.of(Part.OWN, Part.GLOBAL)) {
            text.append(separator).append("(SELECT ").append(value).append(" AS value, count(*) AS rows");
            text.append(rows).append(where(part, binds)).append(" GROUP BY 1 ORDER BY 1 LIMIT ?)");
            binds.add(end());
            separator = " UNION ALL ";
        }
        text.append(") p GROUP BY 1 ORDER BY 1");
        page(text, binds);
        return new Statement(text.toString(), binds);
    }

    /**
     * Each number of rows that is there: whether it was there before, whether the caller sees its rows, how many these are, of which group,
     * and how many rows this group has now ({@link #OF_GROUP} means: or more), where it was not there before; and {@link #STATE}.
     *
     * @param known the ids of the numbers that were there before
     */
    Statement changedGroups(List<Field> fields, Set<Long> known) {
        Entity.Counts counts = Objects.requireNonNull(entity.counts());
        String value = "(" + fields.get(0).sql() + ")::text";
        List<@Nullable Object> binds = new ArrayList<>();
        String now = Stream.of(Part.OWN, Part.GLOBAL)
                .map(part -> "(SELECT count(*) FROM (SELECT FROM " + entity.from() + " WHERE " + where(part, binds)
                        + " AND " + value + " = n.grouped LIMIT " + OF_GROUP + ") r)")
                .collect(Collectors.joining(" + "));
        String state = state(counts, List.of(fields.get(0).name()), binds);
        binds.add(known.stream().map(String::valueOf).toList());
        String seen = counted(counts, binds);
        binds.add(counts.ofTable());
        return new Statement(
                "SELECT n.id, n.known, n.seen, n.rows, n.grouped, CASE WHEN n.seen AND NOT n.known THEN least(" + now
                        + ", " + OF_GROUP + ") END, n.state FROM (SELECT c.id, " + state
                        + " AS state, c.id = ANY (?::bigint[]) AS known, (" + seen
                        + ") AS seen, c.rows, c.grouped FROM " + counts.table() + " c WHERE c.of_table = ?) n",
                binds);
    }

    /** The groups of fields whose values are counted as rows come and go. */
    private Statement keptGroups(List<Field> fields, Kept kept, Entity.Counts counts) {
        List<@Nullable Object> binds = new ArrayList<>();
        String columns = fields.stream().map(field -> kept.column(field.name())).collect(Collectors.joining(", "));
        String grouped = fields.size() == 1 ? "1" : "1, 2";
        StringBuilder text = new StringBuilder("SELECT ")
                .append(columns)
                .append(", sum(c.rows)::bigint, count(*) OVER () FROM ")
                .append(kept.table())
                .append(" c WHERE ")
                .append(counted(kept, counts, binds))
                .append(" GROUP BY ")
                .append(grouped)
                .append(" HAVING sum(c.rows) <> 0 ORDER BY ")
                .append(grouped);
        page(text, binds);
        return new Statement(text.toString(), binds);
    }

    /** Only the rows with another value than the usual one are counted; the others are all that are left. */
    private Statement groups(Field field, Entity.Usual usual, Entity.Counts counts) {
        List<@Nullable Object> binds = new ArrayList<>();
        String others = others("(" + field.sql() + ")::text AS value", usual, binds);
        binds.add(usual.value());
        String all = sum(counts, binds);
        StringBuilder text = new StringBuilder("WITH other AS MATERIALIZED (SELECT o.value, count(*) AS rows FROM (")
                .append(others)
                .append(") o GROUP BY 1) SELECT g.value, g.rows, count(*) OVER () FROM (SELECT value, rows FROM other")
                .append(" UNION ALL SELECT ?, (")
                .append(all)
                .append(") - coalesce((SELECT sum(rows) FROM other), 0)::bigint) g (value, rows)")
                .append(" WHERE g.rows > 0 ORDER BY 1");
        page(text, binds);
        return new Statement(text.toString(), binds);
    }

    /** Selects of the rows that have another value than the usual one. */
    private String others(String column, Entity.Usual usual, List<@Nullable Object> binds) {
        List<String> others = new ArrayList<>();
        for (String condition : usual.others()) {
            String select = "SELECT " + column + " FROM " + entity.from() + " WHERE " + condition + " AND ";
            if (inParts()) {
                others.add(select + where(Part.OWN, binds));
                others.add(select + where(Part.GLOBAL, binds));
            } else {
                others.add(select + where(binds));
            }
        }
        return String.join(" UNION ALL ", others);
    }

    private void page(StringBuilder text, List<@Nullable Object> binds) {
        if (!request.allResults()) {
            text.append(" LIMIT ? OFFSET ?");
            binds.add((long) request.size());
            binds.add(request.offset());
        }
    }

    private String grouping() {
        return entity.groupSql() == null ? "" : " GROUP BY " + entity.groupSql();
    }

    /** The one row of this id; one of the caller's own tenant before a global one of another. */
    Statement one(String id) {
        List<@Nullable Object> binds = new ArrayList<>();
        StringBuilder text = select();
        text.append(" WHERE ").append(where(binds));
        text.append(" AND ").append(entity.idSql()).append(" = ?");
        binds.add(id);
        if (entity.ownerAlias() != null) {
            text.append(" ORDER BY (").append(entity.ownerAlias()).append(".tenant_name = ?) DESC NULLS LAST");
            binds.add(caller.tenant());
        }
        text.append(" LIMIT 1");
        return new Statement(text.toString(), binds);
    }

    private StringBuilder select() {
        return select("");
    }

    /** @param more columns */
    private StringBuilder select(String more) {
        List<String> columns = new ArrayList<>();
        boolean inTenant = entity.ownerAlias() != null && entity.groupSql() == null;
        columns.add(!inTenant ? "''" : entity.ownerAlias() + ".tenant_name");
        columns.add(entity.idSql());
        entity.hiddenColumns().values().forEach(sql -> columns.add("(" + sql + ")::text"));
        for (Field field : wanted(entity, request.include())) {
            if (field.type() != FieldType.DERIVED) {
                columns.add(field.sql());
            }
        }
        return new StringBuilder("SELECT ")
                .append(String.join(", ", columns))
                .append(more)
                .append(" FROM ")
                .append(entity.from());
    }

    private String where(List<@Nullable Object> binds) {
        List<String> parts = new ArrayList<>();
        if (entity.ownerAlias() != null) {
            parts.add(visible(entity.ownerAlias(), binds));
        }
        chosen(parts, binds);
        return parts.isEmpty() ? "true" : String.join(" AND ", parts);
    }

    /** What is wanted of what the caller sees. */
    private void chosen(List<String> parts, List<@Nullable Object> binds) {
        for (Condition condition : entity.always()) {
            parts.add(add(condition, binds));
        }
        filters(parts, binds);
        search(parts, binds);
        for (Condition condition : conditions) {
            parts.add(add(condition, binds));
        }
    }

    private static String add(Condition condition, List<@Nullable Object> binds) {
        binds.addAll(condition.binds());
        return "(" + condition.sql() + ")";
    }

    private String visible(String alias, List<@Nullable Object> binds) {
        List<String> parts = new ArrayList<>();
        if (!request.allTenants()) {
            parts.add("(" + alias + ".tenant_name = ? OR " + alias + ".visibility = 'global')");
            binds.add(tenant());
        } else if (caller.visibleTenants() == null) {
            parts.add("true");
        } else {
            parts.add("(" + alias + ".tenant_name = ANY (?) OR " + alias + ".visibility = 'global')");
            binds.add(caller.visibleTenants());
        }
        notPrivate(alias, parts, binds);
        return String.join(" AND ", parts);
    }

    private String tenant() {
        String tenant = caller.tenant();
        if (tenant == null) {
            throw new ManagerException(
                    ErrorCode.FORBIDDEN,
                    "Authorization failed: tenant not provided",
                    "send the header `Tenant: <name>`");
        }
        return tenant;
    }

    private void notPrivate(String alias, List<String> parts, List<@Nullable Object> binds) {
        List<String> whose = seesPrivateOf();
        if (!whose.isEmpty()) {
            String others = whose.size() == 1 ? "" : alias + ".tenant_name = ? OR ";
            parts.add("(" + alias + ".visibility <> 'private' OR " + others + alias + ".created_by = ?)");
            binds.addAll(whose);
        }
    }

    /** Empty: everybody's. Else the caller's own, by name, and before it those of a tenant, if that is more than the list is of. */
    private List<String> seesPrivateOf() {
        boolean ofTenant = caller.seesPrivate();
        if (caller.admin() || ofTenant && !request.allTenants()) {
            return List.of();
        }
        return ofTenant ? List.of(tenant(), caller.username()) : List.of(caller.username());
    }

    private void filters(List<String> parts, List<@Nullable Object> binds) {
        List<String> filterable = entity.filterable();
        List<String> unknown = request.filters().keySet().stream()
                .filter(name -> !filterable.contains(name))
                .toList();
        if (!unknown.isEmpty()) {
            throw ListRequest.bad(
                    "Filter keys '" + list(unknown) + "' do not exist. Allowed keys are: " + list(filterable));
        }
        request.filters().forEach((name, values) -> {
            Field field = entity.field(name);
            if (field == null) {
                throw new IllegalStateException(name);
            }
            switch (field.type()) {
                case TEXT -> {
                    // Of one value, an index has the rows in the order of what follows; of several it has not.
                    boolean one = values.size() == 1;
                    parts.add("(" + field.sql() + ") = " + (one ? "?" : "ANY (?)"));
                    binds.add(one ? values.get(0) : values);
                }
                case TIME -> {
                    List<Instant> times = values.stream().flatMap(Sql::time).toList();
                    String one = "(" + field.sql() + ") >= ? AND (" + field.sql() + ") < ?";
                    parts.add(
                            times.isEmpty()
                                    ? "false"
                                    : "(" + String.join(" OR ", Collections.nCopies(times.size(), one)) + ")");
                    for (Instant time : times) {
                        binds.add(time.atOffset(ZoneOffset.UTC));
                        binds.add(time.plusMillis(1).atOffset(ZoneOffset.UTC));
                    }
                }
                case REAL -> {
                    parts.add("(" + field.sql() + ") = ANY (?::text[]::float8[])");
                    binds.add(values.stream().flatMap(Sql::number).toList());
                }
                default -> {
                    parts.add("(" + field.sql() + ")::text = ANY (?)");
                    binds.add(values.stream()
                            .map(value -> value.toLowerCase(Locale.ROOT))
                            .toList());
                }
            }
        });
    }

    /** {@code 1}, {@code 1.0} and {@code 1e0} are the same; what is none equals none. */
    private static Stream<String> number(String text) {
        try {
            return Stream.of(Double.toString(Double.parseDouble(text)));
        } catch (NumberFormatException e) {
            return Stream.empty();
        }
    }

    /** The beginning of the millisecond that is shown as this text, or as the same time in other words; what is no time equals none. */
    private static Stream<Instant> time(String text) {
        try {
            return Stream.of(ApiTime.parse(text).truncatedTo(ChronoUnit.MILLIS))
                    .filter(time ->
                            YEARS.isValidValue(time.atOffset(ZoneOffset.UTC).getYear()));
        } catch (DateTimeParseException e) {
            return Stream.empty();
        }
    }

    private void search(List<String> parts, List<@Nullable Object> binds) {
        List<String> alternatives = new ArrayList<>();
        entity.searches()
                .forEach((parameter, search) -> request.special(parameter).ifPresent(text -> {
                    Condition condition = search.contains(Normalizer.normalize(text, Normalizer.Form.NFKC));
                    alternatives.add(condition.sql());
                    binds.addAll(condition.binds());
                }));
        if (!alternatives.isEmpty()) {
            parts.add("(" + String.join(" OR ", alternatives) + ")");
        }
    }

    /**
     * One key of an order.
     *
     * @param label the label's key that {@code sql} has a place for; null: none
     * @param time whether nearly no two rows have the same
     */
    private record SortKey(
            String sql, String direction, @Nullable String label, boolean time) {
        void bindTo(List<@Nullable Object> binds) {
            if (label != null) {
                binds.add(label);
            }
        }
    }

    private String order(List<@Nullable Object> binds) {
        StringBuilder text = new StringBuilder();
        for (SortKey key : sortKeys()) {
            text.append(key.sql()).append(key.direction()).append(", ");
            key.bindTo(binds);
        }
        return text.append(storageId()).append(lastDirection()).toString();
    }

    /**
     * Rows that are the same in everything else are in the order in which they were made; with the newest first also those of the same
     * time, as an index has them that is read backwards.
     */
    private String lastDirection() {
        List<SortKey> sort = sortKeys();
        boolean newestFirst = sort.size() == 1
                && sort.get(0).time()
                && sort.get(0).direction().equals(DESCENDING);
        return newestFirst ? DESCENDING : "";
    }

    private String storageId() {
        return entity.storageIdSql() == null ? entity.idSql() : entity.storageIdSql();
    }

    /** What the request sorts by, before the storage id. */
    private List<SortKey> sortKeys() {
        List<String> keys = request.sort().isEmpty() ? entity.defaultSort() : request.sort();
        List<String> unknown = keys.stream()
                .map(Sql::bare)
                .filter(name -> !entity.sortable().contains(name) && !isLabel(name))
                .toList();
        if (!unknown.isEmpty()) {
            throw ListRequest.bad(
                    "Sort keys '" + list(unknown) + "' do not exist. Allowed keys are: " + list(entity.sortable()));
        }
        List<SortKey> sort = new ArrayList<>();
        for (String key : keys) {
            String name = bare(key);
            String direction = key.startsWith("-") ? DESCENDING : " ASC";
            if (isLabel(name)) {
                sort.add(new SortKey(
                        "(" + entity.labelSortSql() + ")", direction, name.substring("label:".length()), false));
            } else {
                Field field = entity.field(name);
                if (field == null) {
                    throw new IllegalStateException(name);
                }
                sort.add(new SortKey("(" + field.sql() + ")", direction, null, field.type() == FieldType.TIME));
            }
        }
        return sort;
    }

    private boolean isLabel(String name) {
        return entity.labelSortSql() != null && name.startsWith("label:");
    }

    /** A plus in a query is a space once decoded. */
    private static String bare(String key) {
        char first = key.charAt(0);
        return first == '-' || first == '+' || first == ' ' ? key.substring(1) : key;
    }

    /** As the API's messages print lists. */
    static String list(List<String> names) {
        return names.stream()
                .map(name -> "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'")
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
