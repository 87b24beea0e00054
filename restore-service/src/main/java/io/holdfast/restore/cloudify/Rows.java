package io.holdfast.restore.cloudify;

import io.holdfast.restore.loading.StagingTarget;
import io.holdfast.restore.loading.TableWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows on their way into the staged tables: one writer a table, opened when its first row comes. Not thread-safe. */
final class Rows implements AutoCloseable {

    private final StagingTarget target;
    private final Map<StateTable, TableWriter> writers = new LinkedHashMap<>();
    private final Map<String, Long> finished = new LinkedHashMap<>();

    Rows(StagingTarget target) {
        this.target = target;
    }

    /** @param values in the order of the table's columns */
    void add(StateTable table, @Nullable Object... values) {
        writers.computeIfAbsent(table, t -> target.writer(t.schema(), t.name(), t.columns()))
                .row(values);
    }

    /** Sends everything and gives the writers back. More rows may follow, in new writers. */
    void finish() {
        writers.forEach((table, writer) -> {
            writer.finish();
            finished.merge(table.qualifiedName(), writer.rows(), Long::sum);
            writer.close();
        });
        writers.clear();
    }

    /** Rows of finished writers, by {@code schema.table}. */
    Map<String, Long> counts() {
        return finished;
    }

    @Override
    public void close() {
        writers.values().forEach(TableWriter::close);
        writers.clear();
    }
}
