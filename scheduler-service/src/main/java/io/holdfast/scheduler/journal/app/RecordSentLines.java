package io.holdfast.scheduler.journal.app;

import io.holdfast.contracts.events.SchedulerCommand.RecordEvents;
import io.holdfast.messaging.UnprocessableMessage;
import io.holdfast.scheduler.journal.Journal;
import io.holdfast.scheduler.journal.Line;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Set;

/** Writes down what workers send as commands. Lines come after the end of an execution, too: nothing is fenced here. */
@ApplicationScoped
public class RecordSentLines {

    private static final int MOST = 1_000;
    private static final Set<String> KINDS = Set.of(Line.EVENT, Line.LOG);

    private final Journal journal;

    RecordSentLines(Journal journal) {
        this.journal = journal;
    }

    /** @throws UnprocessableMessage if there are too many, one is of no known kind, or there is no such execution */
    @Transactional
    public void record(RecordEvents command) {
        if (command.entries().size() > MOST) {
            throw new UnprocessableMessage(
                    "SCHEMA_VIOLATION", command.entries().size() + " entries; at most " + MOST + " are taken at once");
        }
        List<Line> lines = command.entries().stream().map(RecordSentLines::line).toList();
        if (!journal.addToExecution(command.tenantName(), command.executionId(), lines, null)) {
            throw new UnprocessableMessage(
                    "UNKNOWN_EXECUTION",
                    "tenant " + command.tenantName() + " has no execution " + command.executionId());
        }
    }

    private static Line line(RecordEvents.Entry entry) {
        if (entry.kind() == null || !KINDS.contains(entry.kind())) {
            throw new UnprocessableMessage(
                    "SCHEMA_VIOLATION", "an entry is of kind " + entry.kind() + "; expected one of " + KINDS);
        }
        if (entry.at() == null || entry.message() == null) {
            throw new UnprocessableMessage("SCHEMA_VIOLATION", "an entry has no time or no message");
        }
        return new Line(
                entry.kind(),
                entry.at(),
                null,
                entry.eventType(),
                entry.logger(),
                entry.level(),
                entry.message(),
                entry.nodeInstanceId(),
                entry.nodeName(),
                entry.operation(),
                null,
                null,
                null,
                null,
                null);
    }
}
