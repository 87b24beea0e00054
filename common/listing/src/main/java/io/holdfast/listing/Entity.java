package io.holdfast.listing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What can be listed: a FROM clause and the response fields over it. Immutable. All SQL in here is written in code.
 *
 * <pre>{@code
 * Entity.of("Site", "inventory.sites e")           // model name of messages; the row's alias is e
 *     .id("e.name").storageId("e.storage_id")
 *     .texts("name").real("latitude", "e.latitude").times("created_at")
 *     .owned("e").searchBy("_search", "e.name").sortBy("created_at")
 *     .build();
 * }</pre>
 */
public final class Entity {

    /** Everything of these that a request sorts or filters by must be in {@link #fields}. */
    private record Enriching(Set<String> fields, Enrichment enrichment) {}

    /**
     * Where the number of a table's rows is kept.
     *
     * @param table has {@code of_table} and {@code rows}; for things in tenants also {@code tenant_name}, {@code visibility},
     *     {@code created_by} (of private things) and {@code apart}
     * @param notApart the condition that leaves out the rows counted apart; null: none are
     * @param more how many things there are that everybody sees and that are no rows of the table; null: none
     */
    record Counts(
            String table,
            String ofTable,
            @Nullable String notApart,
            @Nullable String more) {
        boolean knows(String condition) {
            return condition.equals(notApart);
        }
    }

    /**
     * A parameter that looks for a part of a text.
     *
     * @param plain the expression that is searched where no index helps
     * @param text the same for an index
     * @param rows the condition on the rows, with {@code %s} for the one on the text
     */
    record Search(String plain, String text, String rows) {

        private static final Pattern WORDS = Pattern.compile("[\\p{L}\\p{Nd}]+");

        /** An index knows three characters in a row. */
        private static final int SHORT = 3;

        Condition contains(String part) {
            if (part.length() < SHORT) {
                // With these rules no index is taken, which would be looked through as a whole.
                return Condition.contains(isAscii(part) ? "(" + plain + ") COLLATE \"C\"" : plain, part);
            }
            Condition condition = Condition.contains(text, part);
            Optional<String> numbered = numbered(part);
            if (numbered.isPresent()) {
                // The first for an index, the second not.
                Condition first = Condition.contains(text, numbered.get());
                Condition second = Condition.contains("(" + text + " || '')", part);
                condition = Condition.of(
                        "(" + first.sql() + " AND " + second.sql() + ")",
                        first.binds().get(0),
                        second.binds().get(0));
            }
            return new Condition(rows.formatted(condition.sql()), condition.binds());
        }

        /**
         * The longest word with digits, and what it is set apart by, if there are other words: numbered ids have the rest in common, and an
         * index of parts of texts looks through everything that it has of each part of what is looked for.
         */
        private static Optional<String> numbered(String part) {
            return WORDS.matcher(part)
                    .results()
                    .filter(word -> word.group().length() >= SHORT
                            && word.group().chars().anyMatch(Character::isDigit))
                    .max(Comparator.comparingInt(word -> word.group().length()))
                    .map(word -> part.substring(
                            isSeparator(part, word.start() - 1) ? word.start() - 1 : word.start(),
                            isSeparator(part, word.end()) ? word.end() + 1 : word.end()))
                    .filter(word -> word.length() < part.length());
        }

        /** Of such a text, letters in both cases are the same by any rules; those of the server's locale take longest to follow. */
        private static boolean isAscii(String part) {
            return part.chars().allMatch(c -> c < 0x80);
        }

        private static boolean isSeparator(String part, int place) {
            return place >= 0 && place < part.length() && !Character.isSurrogate(part.charAt(place));
        }
    }

    /**
     * Of one field, the value that nearly all rows have.
     *
     * @param others conditions that no two of the other rows fulfil both of, and each of them one; each has an index
     */
    record Usual(String value, List<String> others) {
        Usual {
            others = List.copyOf(others);
        }
    }

    private final String model;
    private final String from;
    private final String idSql;
    private final @Nullable Counts counts;
    private final boolean indexedByTenant;
    private final Map<String, Usual> usual;
    private final @Nullable String storageIdSql;
    private final @Nullable String ownerAlias;
    private final @Nullable String groupSql;
    private final Map<String, Field> fields;
    private final Map<String, String> hidden;
    private final Map<String, Search> searches;
    private final Map<String, String> valueCounts;
    private final Set<String> watched;
    private final Set<String> grouped;
    private final Set<String> large;
    private final List<Condition> always;
    private final List<String> defaultSort;
    private final @Nullable String labelSortSql;
    private final List<Enriching> enrichments;

    private Entity(Builder builder) {
        this.model = builder.model;
        this.from = builder.from;
        this.idSql = builder.idSql;
        this.counts = builder.counts;
        this.indexedByTenant = builder.indexedByTenant || counts != null;
        this.usual = Map.copyOf(builder.usual);
        this.storageIdSql = builder.storageIdSql;
        this.ownerAlias = builder.ownerAlias;
        this.groupSql = builder.groupSql;
        this.fields = Collections.unmodifiableMap(new LinkedHashMap<>(builder.fields));
        this.hidden = Collections.unmodifiableMap(new LinkedHashMap<>(builder.hidden));
        this.searches = Collections.unmodifiableMap(new LinkedHashMap<>(builder.searches));
        this.valueCounts = Map.copyOf(builder.valueCounts);
        this.watched = Set.copyOf(builder.watched);
        this.grouped = Set.copyOf(builder.grouped);
        this.large = Set.copyOf(builder.large);
        this.always = List.copyOf(builder.always);
        this.defaultSort = List.copyOf(builder.defaultSort);
        this.labelSortSql = builder.labelSortSql;
        this.enrichments = List.copyOf(builder.enrichments);
        if (indexedByTenant && (groupSql != null || storageIdSql == null)) {
            throw new IllegalArgumentException(
                    model + " is counted or indexed but not one row each, with a storage id");
        }
        for (String sort : defaultSort) {
            if (!fields.containsKey(sort.startsWith("-") ? sort.substring(1) : sort)) {
                throw new IllegalArgumentException(model + " is sorted by " + sort + ", which is not a field");
            }
        }
    }

    /**
     * @param model name in messages, for example {@code Blueprint}
     * @param from table and alias, with joins if need be
     */
    public static Builder of(String model, String from) {
        return new Builder(model, from);
    }

    String model() {
        return model;
    }

    String from() {
        return from;
    }

    String idSql() {
        return idSql;
    }

    @Nullable
    String storageIdSql() {
        return storageIdSql;
    }

    /** Null: outside tenants, everybody sees every row. */
    @Nullable
    String ownerAlias() {
        return ownerAlias;
    }

    /** Null: every row of the FROM clause is one of the answer. */
    @Nullable
    String groupSql() {
        return groupSql;
    }

    /** Null: nobody keeps them, rows are counted when asked for. */
    @Nullable
    Counts counts() {
        return counts;
    }

    /** Whether a tenant's own rows and global ones of others are looked for apart. */
    boolean inParts() {
        return indexedByTenant && ownerAlias != null;
    }

    /** Null: no value of this field is known to be that of nearly all rows, or nobody keeps their number. */
    @Nullable
    Usual usual(String field) {
        return counts == null ? null : usual.get(field);
    }

    Map<String, String> hiddenColumns() {
        return hidden;
    }

    Map<String, Search> searches() {
        return searches;
    }

    /** The table that keeps how many rows have each value of this field; null: nobody does, or not of this field. */
    @Nullable
    String valueCounts(String field) {
        return counts == null || counts.more() != null ? null : valueCounts.get(field);
    }

    /** Whether each change of this field, of any row, changes the numbers of rows that are kept. */
    boolean watches(String field) {
        return counts != null && counts.more() == null && (watched.contains(field) || grouped.contains(field));
    }

    /** Whether one value of this field may have megabytes. */
    boolean isLarge(String field) {
        return large.contains(field);
    }

    /** Whether an index has the rows of a tenant in the order of this field. */
    boolean grouped(String field) {
        return counts != null && counts.more() == null && grouped.contains(field);
    }

    List<Condition> always() {
        return always;
    }

    List<String> defaultSort() {
        return defaultSort;
    }

    @Nullable
    String labelSortSql() {
        return labelSortSql;
    }

    @Nullable
    Field field(String name) {
        return fields.get(name);
    }

    List<Field> shown() {
        return fields.values().stream().filter(Field::shown).toList();
    }

    /** Names that can be filtered by, in order of declaration. */
    List<String> filterable() {
        return fields.values().stream()
                .filter(field -> field.type().comparable())
                .map(Field::name)
                .toList();
    }

    List<String> sortable() {
        return fields.values().stream()
                .filter(field -> field.sorts() && field.type().comparable())
                .map(Field::name)
                .toList();
    }

    List<Enrichment> enrichmentsFor(Set<String> wanted) {
        return enrichments.stream()
                .filter(enriching -> enriching.fields().stream().anyMatch(wanted::contains))
                .map(Enriching::enrichment)
                .toList();
    }

    /** Declares an entity. Fields appear in answers in the order of declaration. */
    public static final class Builder {

        private final String model;
        private final String from;
        private String idSql = "e.id";
        private @Nullable String storageIdSql = "e.storage_id";
        private @Nullable String ownerAlias;
        private @Nullable String groupSql;
        private @Nullable Counts counts;
        private boolean indexedByTenant;
        private final Map<String, Usual> usual = new LinkedHashMap<>();
        private final Map<String, Field> fields = new LinkedHashMap<>();
        private final Map<String, String> hidden = new LinkedHashMap<>();
        private final Map<String, Search> searches = new LinkedHashMap<>();
        private final Map<String, String> valueCounts = new LinkedHashMap<>();
        private final Set<String> watched = new LinkedHashSet<>();
        private final Set<String> grouped = new LinkedHashSet<>();
        private final Set<String> large = new LinkedHashSet<>();
        private final List<Condition> always = new ArrayList<>();
        private final List<String> defaultSort = new ArrayList<>();
        private @Nullable String labelSortSql;
        private final List<Enriching> enrichments = new ArrayList<>();

        private Builder(String model, String from) {
            this.model = model;
            this.from = from;
        }

        /** What {@code GET /…/{id}} names; default {@code e.id}. */
        public Builder id(String sql) {
            this.idSql = sql;
            return this;
        }

        /** Last key of every order, so that pages never overlap; default {@code e.storage_id}. Null where there is none: then the id. */
        public Builder storageId(@Nullable String sql) {
            this.storageIdSql = sql;
            return this;
        }

        public Builder text(String name, String sql) {
            return field(name, sql, FieldType.TEXT, true);
        }

        /** Text of the column of the same name, alias {@code e}. */
        public Builder texts(String... names) {
            for (String name : names) {
                text(name, "e." + name);
            }
            return this;
        }

        public Builder integer(String name, String sql) {
            return field(name, sql, FieldType.INTEGER, true);
        }

        /** Integers of the columns of the same name, alias {@code e}. */
        public Builder integers(String... names) {
            for (String name : names) {
                integer(name, "e." + name);
            }
            return this;
        }

        public Builder real(String name, String sql) {
            return field(name, sql, FieldType.REAL, true);
        }

        public Builder bool(String name, String sql) {
            return field(name, sql, FieldType.BOOLEAN, true);
        }

        /** Booleans of the columns of the same name, alias {@code e}. */
        public Builder bools(String... names) {
            for (String name : names) {
                bool(name, "e." + name);
            }
            return this;
        }

        public Builder time(String name, String sql) {
            return field(name, sql, FieldType.TIME, true);
        }

        /** Times of the columns of the same name, alias {@code e}. */
        public Builder times(String... names) {
            for (String name : names) {
                time(name, "e." + name);
            }
            return this;
        }

        public Builder json(String name, String sql) {
            return field(name, sql, FieldType.JSON, true);
        }

        /** JSON of the columns of the same name, alias {@code e}. */
        public Builder jsons(String... names) {
            for (String name : names) {
                json(name, "e." + name);
            }
            return this;
        }

        /** As {@link #jsons}, of which one value may have megabytes: rows with them are read some at a time. */
        public Builder largeJsons(String... names) {
            large.addAll(List.of(names));
            return jsons(names);
        }

        /** Fields that SQL does not give. They are null until {@code enrichment} sets them; it runs only if one of them is wanted. */
        public Builder derived(Enrichment enrichment, String... names) {
            for (String name : names) {
                field(name, "", FieldType.DERIVED, true);
            }
            enrichments.add(new Enriching(new LinkedHashSet<>(List.of(names)), enrichment));
            return this;
        }

        /** Fields that are null until the caller of {@link Lister} sets them in {@link Row#json}. */
        public Builder derived(String... names) {
            for (String name : names) {
                field(name, "", FieldType.DERIVED, true);
            }
            return this;
        }

        /** Can be filtered by but is not in the answer. */
        public Builder filterOnly(String name, String sql) {
            return field(name, sql, FieldType.TEXT, false, false);
        }

        /**
         * What another entity's rows can be filtered and searched by, which are rows of this FROM clause, too, under the same alias. Fields
         * that are declared here keep their meaning.
         */
        public Builder chosenBy(Entity other) {
            other.fields.values().stream()
                    .filter(field -> field.type().comparable() && !fields.containsKey(field.name()))
                    .forEach(field -> field(field.name(), field.sql(), field.type(), false, false));
            other.searches.forEach(searches::putIfAbsent);
            return this;
        }

        /** Can be filtered and sorted by but is not in the answer. */
        public Builder unshown(String name, String sql) {
            return field(name, sql, FieldType.TEXT, false, true);
        }

        /** A column for enrichments and callers ({@link Row#hidden}), not in the answer. Read as text. */
        public Builder hidden(String name, String sql) {
            hidden.put(name, sql);
            return this;
        }

        /**
         * Lives in a tenant and has a visibility: declares {@code tenant_name}, {@code created_by}, {@code visibility},
         * {@code resource_availability} and {@code private_resource}, and restricts rows to what the caller may see.
         */
        public Builder owned(String alias) {
            scoped(alias);
            text("visibility", alias + ".visibility");
            text("tenant_name", alias + ".tenant_name");
            text("created_by", alias + ".created_by");
            text("resource_availability", alias + ".visibility");
            return bool("private_resource", "(" + alias + ".visibility = 'private')");
        }

        /** As {@link #owned}, declaring no fields. */
        public Builder scoped(String alias) {
            this.ownerAlias = alias;
            return this;
        }

        /** One row of the answer for each distinct value of {@code sql}; every field, the id and the storage id must follow from it. */
        public Builder distinct(String sql) {
            this.groupSql = sql;
            return this;
        }

        /**
         * The number of rows is kept, and indexes of things in tenants begin with the tenant: for tables of which there may be very many
         * rows. The FROM clause must have one row for each of the table, the storage id must be unique.
         *
         * @param schema its table {@code row_counts} has the numbers
         * @param ofTable as it is called there
         */
        public Builder counted(String schema, String ofTable) {
            this.counts = new Counts(schema + ".row_counts", ofTable, null, null);
            return this;
        }

        /**
         * Nobody keeps the number of rows, but indexes begin with the tenant, and one has the global rows: for tables with very many rows of which
         * a request chooses few. The storage id must be unique.
         */
        public Builder indexedByTenant() {
            this.indexedByTenant = true;
            return this;
        }

        /** As {@link #counted(String, String)}. @param notApart the condition, as a caller gives it, without the rows counted apart */
        public Builder counted(String schema, String ofTable, String notApart) {
            this.counts = new Counts(schema + ".row_counts", ofTable, notApart, null);
            return this;
        }

        /**
         * As {@link #counted(String, String)}, where the FROM clause adds to the table's rows.
         *
         * @param more an expression: how many it adds, all of them seen by everybody
         */
        public Builder countedWith(String schema, String ofTable, String more) {
            this.counts = new Counts(schema + ".row_counts", ofTable, null, more);
            return this;
        }

        /**
         * Nearly all rows of a counted entity have this value of the field: how many, is told by how many there are and how many have another.
         *
         * @param others conditions of which each row with another value, or none, fulfils exactly one; each needs an index that has no others
         */
        public Builder usually(String field, String value, String... others) {
            usual.put(field, new Usual(value, List.of(others)));
            return this;
        }

        /**
         * How many rows of a counted entity have each value of these fields is kept, in the table {@code value_counts} of its schema.
         *
         * @param names as in the answer and as {@code value_counts.field} says
         */
        public Builder countedBy(String schema, String... names) {
            for (String name : names) {
                valueCounts.put(name, schema + ".value_counts");
            }
            return this;
        }

        /**
         * Of a counted entity: whoever changes one of these fields adds rows to {@code row_counts}, too, so that what was found by them stays
         * right as long as the counts are the same.
         */
        public Builder watched(String... names) {
            watched.addAll(List.of(names));
            return this;
        }

        /** As {@link #watched}; and an index has the tenant and this field, and its rows in the order of the field. */
        public Builder grouped(String name) {
            grouped.add(name);
            return this;
        }

        /** @param parameter {@code _search}, …; several that come together are OR-ed */
        public Builder searchBy(String parameter, String sql) {
            return searchBy(parameter, sql, sql, "%s");
        }

        /**
         * As {@link #searchBy(String, String)}, for a text whose parts an index of another table knows.
         *
         * @param sql the text in the entity's own rows
         * @param indexed the text in the other table
         * @param rows the condition on the entity's rows, with {@code %s} for the one on {@code indexed}
         */
        public Builder searchBy(String parameter, String sql, String indexed, String rows) {
            searches.put(parameter, new Search(sql, indexed, rows));
            return this;
        }

        /** Field names, with {@code -} for descending; the storage id is always the last key. */
        public Builder sortBy(String... names) {
            defaultSort.addAll(List.of(names));
            return this;
        }

        /** @param sql expression with one {@code ?} for the label's key, for {@code _sort=label:KEY} */
        public Builder labelSort(String sql) {
            this.labelSortSql = sql;
            return this;
        }

        /** Only rows for which this holds exist for callers. */
        public Builder where(String sql) {
            always.add(Condition.of(sql));
            return this;
        }

        public Entity build() {
            return new Entity(this);
        }

        private Builder field(String name, String sql, FieldType type, boolean shown) {
            return field(name, sql, type, shown, shown);
        }

        private Builder field(String name, String sql, FieldType type, boolean shown, boolean sorts) {
            if (fields.put(name, new Field(name, sql, type, shown, sorts)) != null) {
                throw new IllegalArgumentException(model + " declares " + name + " twice");
            }
            return this;
        }
    }
}
