package io.holdfast.listing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CallerIdentity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Answers lists and gets of entities from a PostgreSQL data source. Thread-safe; takes one connection for a call. */
public final class Lister {

    /** What PostgreSQL says of texts with the character U+0000: as bytes, and escaped in JSON. */
    private static final Set<String> NOT_STORABLE = Set.of("22021", "22P05");

    private static final int LARGE_AT_A_TIME = 8;

    /** Of pages that are larger than usual. */
    private static final int MANY_AT_A_TIME = 500;

    private final DataSource dataSource;
    private final Supplier<AnswerMemory> memory;
    private final Marks marks = new Marks();
    private final Remembered summaries = new Remembered();

    public Lister(DataSource dataSource) {
        this(dataSource, AnswerMemory::current);
    }

    Lister(DataSource dataSource, Supplier<AnswerMemory> memory) {
        this.dataSource = dataSource;
        this.memory = memory;
    }

    /**
     * @param conditions what the resource adds to the client's filters
     * @throws ManagerException {@code bad_parameters_error}, {@code no_such_include_field_error}, {@code forbidden_error} with the API's
     *     own texts; {@code payload_too_large_error}, {@code service_unavailable_error} where there is no memory for so long an answer
     */
    public Listing list(Entity entity, ListRequest request, CallerIdentity caller, Condition... conditions) {
        Sql sql = new Sql(entity, request, caller, List.of(conditions));
        Optional<Object> marked = sql.markedList();
        try (Connection connection = dataSource.getConnection()) {
            Rows rows = page(connection, entity, request, sql, marked);
            Long known = rows.total();
            long total = known != null
                    ? known
                    : total(connection, sql, request, rows.rows().size());
            return new Listing(rows.rows(), total, request.size(), request.allResults() ? 0 : request.offset(), null);
        } catch (SQLException e) {
            throw failed(entity, e);
        }
    }

    /**
     * Of the rows that a list of all pages would have, the newest of each value of a column, the newest of all first; rows without a value
     * are left out. Of a counted entity whose rows no filter chooses, only these are read.
     *
     * @param column an expression of the entity's FROM clause, which indexes have after the tenant and before the storage id, and for global
     *     rows before the storage id
     * @throws ManagerException as {@link #list}
     */
    public List<Row> newestOfEach(
            Entity entity, String column, ListRequest request, CallerIdentity caller, Condition... conditions) {
        Sql sql = new Sql(entity, request, caller, List.of(conditions));
        try (Connection connection = dataSource.getConnection()) {
            return rows(connection, entity, request, sql.newestOfEach(column)).rows();
        } catch (SQLException e) {
            throw failed(entity, e);
        }
    }

    private Rows page(Connection connection, Entity entity, ListRequest request, Sql sql, Optional<Object> marked)
            throws SQLException {
        Optional<Marks.Mark> known = marked.flatMap(list -> marks.before(list, request.offset()));
        Optional<Sql.Statement> places = sql.place();
        Optional<Rows> rows = Optional.empty();
        if (known.isPresent()
                && (places.isEmpty()
                        || Sql.isNear(request.offset() - known.get().offset()))) {
            rows = from(connection, entity, request, sql, known.get());
        }
        if (rows.isEmpty() && places.isPresent()) {
            Optional<Marks.Mark> place = place(connection, sql, places.get());
            if (place.isPresent()) {
                // Of things that were all made at one time, one that was read may be nearer.
                Marks.Mark nearest = known.filter(
                                mark -> mark.state().equals(place.get().state()))
                        .filter(mark -> mark.offset() > place.get().offset())
                        .orElse(place.get());
                rows = from(connection, entity, request, sql, nearest);
            }
        }
        Rows page = rows.isPresent() ? rows.get() : rows(connection, entity, request, sql.page());
        remember(marked, page, request);
        return page;
    }

    private static Optional<Marks.Mark> place(Connection connection, Sql sql, Sql.Statement places)
            throws SQLException {
        try (PreparedStatement statement = prepare(connection, places);
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? sql.beginning(row.getInt(1), row.getLong(2), String.valueOf(row.getString(Sql.STATE)))
                    : Optional.empty();
        }
    }

    /** The page, looked for behind the mark; empty: it may not be the right one. */
    private Optional<Rows> from(Connection connection, Entity entity, ListRequest request, Sql sql, Marks.Mark mark)
            throws SQLException {
        Rows rows = rows(connection, entity, request, sql.page(mark));
        // A short page may have left out rows that have no time to be sorted by.
        boolean right = rows.rows().size() == request.size()
                && !rows.ends().isEmpty()
                && rows.ends().stream().allMatch(end -> end.state().equals(mark.state()));
        return right ? Optional.of(rows) : Optional.empty();
    }

    private void remember(Optional<Object> list, Rows rows, ListRequest request) {
        list.ifPresent(of -> rows.ends()
                .forEach(
                        end -> marks.add(of, new Marks.Mark(request.offset() + end.offset(), end.key(), end.state()))));
    }

    /**
     * As {@link #list}, with how many of the others the rules leave out; without rules it says nothing of that.
     *
     * @param conditions what the resource adds to the client's filters
     * @param rules what the request chooses beyond these
     */
    public Listing listFiltered(
            Entity entity,
            ListRequest request,
            CallerIdentity caller,
            List<Condition> conditions,
            List<Condition> rules) {
        Listing listing = list(
                entity,
                request,
                caller,
                Stream.concat(conditions.stream(), rules.stream()).toArray(Condition[]::new));
        return rules.isEmpty()
                ? listing
                : listing.withFiltered(
                        count(entity, request, caller, conditions.toArray(Condition[]::new)) - listing.total());
    }

    /** How many rows the request matches. */
    public long count(Entity entity, ListRequest request, CallerIdentity caller, Condition... conditions) {
        try (Connection connection = dataSource.getConnection()) {
            return count(connection, new Sql(entity, request, caller, List.of(conditions)));
        } catch (SQLException e) {
            throw failed(entity, e);
        }
    }

    /**
     * How many rows of the request have each value of one field or two, which the request names.
     *
     * @throws ManagerException as {@link #list}, and for a field that the summary does not allow
     */
    public ObjectNode summarize(
            Summary summary, Entity entity, ListRequest request, CallerIdentity caller, Condition... conditions) {
        List<Field> fields = summary.fields(entity, request);
        Sql sql = new Sql(entity, request, caller, List.of(conditions));
        Optional<Object> remembered = sql.rememberedGroups(fields);
        Optional<Remembered.Made> last = remembered.flatMap(summaries::last);
        boolean ofParts = remembered.isPresent() && sql.isOfParts(fields);
        try (Connection connection = dataSource.getConnection()) {
            if (last.isPresent() && last.get().state().equals(state(connection, sql.stateOfGroups(fields)))) {
                return last.get().answer();
            }
            Optional<Summary.Answer> changed = Optional.empty();
            if (last.isPresent() && ofParts && !last.get().numbers().isEmpty()) {
                changed = changed(connection, summary, fields, request, sql, last.get());
            }
            Summary.Answer answer = changed.isPresent()
                    ? changed.get()
                    : answer(
                            connection,
                            summary,
                            fields,
                            request,
                            sql.groups(fields, remembered.isPresent()),
                            remembered.isPresent(),
                            ofParts);
            String state = answer.state();
            if (remembered.isPresent() && state != null) {
                summaries.add(
                        remembered.get(), new Remembered.Made(answer.json(), state, answer.numbers()), answer.groups());
            }
            return answer.json();
        } catch (SQLException e) {
            throw failed(entity, e);
        }
    }

    private Summary.Answer answer(
            Connection connection,
            Summary summary,
            List<Field> fields,
            ListRequest request,
            Sql.Statement groups,
            boolean withState,
            boolean withNumbers)
            throws SQLException {
        return inParts(connection, isLong(request) ? MANY_AT_A_TIME : 0, atATime -> {
            try (PreparedStatement statement = prepare(connection, groups)) {
                statement.setFetchSize(atATime);
                try (ResultSet row = statement.executeQuery()) {
                    return summary.answer(fields, row, request, new Weight(memory.get()), withState, withNumbers);
                }
            }
        });
    }

    private static @Nullable String state(Connection connection, Sql.Statement current) throws SQLException {
        try (PreparedStatement statement = prepare(connection, current);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    /** The summary with the groups of a page counted anew, and with how many groups have come or gone since; empty: cannot be told. */
    private Optional<Summary.Answer> changed(
            Connection connection,
            Summary summary,
            List<Field> fields,
            ListRequest request,
            Sql sql,
            Remembered.Made last)
            throws SQLException {
        ChangedGroups changes = new ChangedGroups(last.numbers());
        String state = null;
        try (PreparedStatement statement = prepare(connection, sql.changedGroups(fields, last.numbers()));
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                state = row.getString(7);
                changes.number(row.getLong(1), row.getBoolean(3), row.getLong(4), row.getString(5), row.getLong(6));
            }
        }
        OptionalLong difference = changes.difference();
        if (state == null || difference.isEmpty()) {
            return Optional.empty();
        }
        long total = last.answer().at("/metadata/pagination/total").asLong() + difference.getAsLong();
        Summary.Answer answer =
                answer(connection, summary, fields, request, sql.groupsOfParts(fields, total), true, true);
        return state.equals(answer.state()) ? Optional.of(answer) : Optional.empty();
    }

    /** The row of this id that the caller sees: of the request's tenant first, else a global one. */
    public Optional<Row> find(
            Entity entity, String id, ListRequest request, CallerIdentity caller, Condition... conditions) {
        Sql.Statement one = new Sql(entity, request, caller, List.of(conditions)).one(id);
        try (Connection connection = dataSource.getConnection()) {
            return rows(connection, entity, request, one).rows().stream().findFirst();
        } catch (SQLException e) {
            throw failed(entity, e);
        }
    }

    /** As {@link #find}, but {@code not_found_error} with the API's own text. */
    public Row get(Entity entity, String id, ListRequest request, CallerIdentity caller, Condition... conditions) {
        return find(entity, id, request, caller, conditions).orElseThrow(() -> notFound(entity.model(), id));
    }

    /** {@code Requested `Blueprint` with ID `x` was not found} */
    public static ManagerException notFound(String model, String id) {
        return new ManagerException(
                ErrorCode.NOT_FOUND, "Requested `" + model + "` with ID `" + id + "` was not found", null);
    }

    private static long total(Connection connection, Sql sql, ListRequest request, int rows) throws SQLException {
        if (request.allResults()) {
            return rows;
        }
        boolean last = rows < request.size() && (rows > 0 || request.offset() == 0);
        return last ? request.offset() + rows : count(connection, sql);
    }

    private static long count(Connection connection, Sql sql) throws SQLException {
        Sql.Statement count = sql.count();
        try (PreparedStatement statement = prepare(connection, count);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * @param total how many there are of all pages; null: these rows do not say
     * @param ends the first and the last of the rows, with their places among them, where they say what they are sorted by
     */
    private record Rows(List<Row> rows, @Nullable Long total, List<Marks.Mark> ends) {}

    private Rows rows(Connection connection, Entity entity, ListRequest request, Sql.Statement query)
            throws SQLException {
        List<Field> wanted = Sql.wanted(entity, request.include());
        boolean large = wanted.stream().anyMatch(field -> entity.isLarge(field.name()));
        int some = isLong(request) ? MANY_AT_A_TIME : 0;
        return inParts(
                connection,
                large ? LARGE_AT_A_TIME : some,
                atATime -> rows(connection, entity, wanted, query, atATime));
    }

    private static boolean isLong(ListRequest request) {
        return request.allResults() || request.size() > ListRequest.DEFAULT_SIZE;
    }

    private interface Reading<T> {
        /** @param atATime so many rows; 0: all */
        T read(int atATime) throws SQLException;
    }

    /** Outside of a transaction the driver would hold all rows before the first is read; in one of somebody else's it does. */
    private static <T> T inParts(Connection connection, int atATime, Reading<T> reading) throws SQLException {
        if (atATime == 0 || !connection.getAutoCommit()) {
            return reading.read(0);
        }
        connection.setAutoCommit(false);
        try {
            T read = reading.read(atATime);
            connection.commit();
            return read;
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private Rows rows(Connection connection, Entity entity, List<Field> wanted, Sql.Statement query, int atATime)
            throws SQLException {
        Weight weight = new Weight(memory.get());
        List<Row> rows = new ArrayList<>();
        Long total = null;
        List<Marks.Mark> ends = new ArrayList<>();
        try (PreparedStatement statement = prepare(connection, query)) {
            statement.setFetchSize(atATime);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Row one = row(row, entity, wanted);
                    weight.add(one);
                    rows.add(one);
                    if (query.total() && total == null) {
                        total = row.getLong(Sql.TOTAL);
                    }
                    if (query.marks() > 0 && (rows.size() == 1 || row.isLast())) {
                        mark(row, query.marks(), rows.size() - 1).ifPresent(ends::add);
                    }
                }
            }
        }
        if (!rows.isEmpty()) {
            Set<String> names = wanted.stream().map(Field::name).collect(Collectors.toCollection(LinkedHashSet::new));
            for (Enrichment enrichment : entity.enrichmentsFor(names)) {
                enrichment.fill(connection, rows);
            }
        }
        return new Rows(rows, total, ends);
    }

    private static Optional<Marks.Mark> mark(ResultSet row, int marks, int offset) throws SQLException {
        List<Object> key = new ArrayList<>();
        for (int i = 0; i < marks; i++) {
            String column = Sql.MARK + i;
            Object value = i < marks - 1 ? row.getObject(column, OffsetDateTime.class) : (Object) row.getLong(column);
            if (value == null) {
                return Optional.empty();
            }
            key.add(value);
        }
        String state = row.getString(Sql.STATE);
        return state == null ? Optional.empty() : Optional.of(new Marks.Mark(offset, key, state));
    }

    private static Row row(ResultSet row, Entity entity, List<Field> wanted) throws SQLException {
        int column = 1;
        String tenant = row.getString(column++);
        String id = row.getString(column++);
        Map<String, @Nullable String> hidden = new LinkedHashMap<>();
        for (String name : entity.hiddenColumns().keySet()) {
            hidden.put(name, row.getString(column++));
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (Field field : wanted) {
            if (field.type() == FieldType.DERIVED) {
                json.putNull(field.name());
            } else {
                put(json, field, row, column++);
            }
        }
        return new Row(tenant, id, hidden, json);
    }

    private static void put(ObjectNode json, Field field, ResultSet row, int column) throws SQLException {
        String name = field.name();
        switch (field.type()) {
            case TEXT -> json.put(name, row.getString(column));
            case INTEGER -> {
                long value = row.getLong(column);
                json.put(name, row.wasNull() ? null : value);
            }
            case REAL -> {
                double value = row.getDouble(column);
                json.put(name, row.wasNull() ? null : value);
            }
            case BOOLEAN -> {
                boolean value = row.getBoolean(column);
                json.put(name, row.wasNull() ? null : value);
            }
            case TIME -> {
                OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
                json.put(name, value == null ? null : ApiTime.format(value.toInstant()));
            }
            case JSON -> {
                String value = row.getString(column);
                if (value == null) {
                    json.putNull(name);
                } else if (value.length() < PackedJson.WORTH) {
                    json.putRawValue(name, new RawValue(value));
                } else {
                    json.putPOJO(name, new PackedJson(value));
                }
            }
            case DERIVED -> throw new IllegalStateException(name);
        }
    }

    static PreparedStatement prepare(Connection connection, Sql.Statement sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql.text());
        int index = 1;
        for (Object bind : sql.binds()) {
            if (bind instanceof List<?> values) {
                statement.setArray(index++, connection.createArrayOf("text", values.toArray()));
            } else if (bind == null || bind instanceof String) {
                statement.setString(index++, (String) bind);
            } else {
                statement.setObject(index++, bind);
            }
        }
        return statement;
    }

    private static RuntimeException failed(Entity entity, SQLException e) {
        return failed(entity.model(), e);
    }

    /** What to throw where a statement about things of a model failed: what a client can mend is {@code bad_parameters_error}. */
    public static RuntimeException failed(String model, SQLException e) {
        if (NOT_STORABLE.contains(String.valueOf(e.getSQLState()))) {
            return new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "the request has a text with the character U+0000, which is not allowed",
                    null,
                    e);
        }
        return new IllegalStateException("cannot read " + model + " rows: " + e.getMessage(), e);
    }
}
