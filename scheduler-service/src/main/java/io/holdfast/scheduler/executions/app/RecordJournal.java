package io.holdfast.scheduler.executions.app;

import io.holdfast.contracts.events.SchedulerCommand.RecordEvents;
import io.holdfast.messaging.UnprocessableMessage;
import io.holdfast.scheduler.executions.Execution;
import io.holdfast.scheduler.executions.ExecutionJournal;
import io.holdfast.scheduler.executions.ExecutionJournal.Entry;
import io.holdfast.scheduler.executions.Executions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Set;

/** Writes a worker's events and logs into the journal. They come after the end, too: nothing is fenced here. */
@ApplicationScoped
public class RecordJournal {

    private static final int MOST = 1_000;
    private static final Set<String> KINDS = Set.of("cloudify_event", "cloudify_log");

    private final Executions executions;
    private final ExecutionJournal journal;

    RecordJournal(Executions executions, ExecutionJournal journal) {
        this.executions = executions;
        this.journal = journal;
    }

    /** @throws UnprocessableMessage if there are too many, one is of no known kind, or there is no such execution */
    @Transactional
    public void record(RecordEvents command) {
        if (command.entries().size() > MOST) {
            throw new UnprocessableMessage(
                    "SCHEMA_VIOLATION", command.entries().size() + " entries; at most " + MOST + " are taken at once");
        }
        List<Entry> entries =
                command.entries().stream().map(RecordJournal::entry).toList();
        Execution execution = executions
                .find(command.tenantName(), command.executionId())
                .orElseThrow(() -> new UnprocessableMessage(
                        "UNKNOWN_EXECUTION",
                        "tenant " + command.tenantName() + " has no execution " + command.executionId()));
        journal.addAll(execution, entries);
    }

    private static Entry entry(RecordEvents.Entry entry) {
        if (entry.kind() == null || !KINDS.contains(entry.kind())) {
            throw new UnprocessableMessage(
                    "SCHEMA_VIOLATION", "an entry is of kind " + entry.kind() + "; expected one of " + KINDS);
        }
        if (entry.at() == null || entry.message() == null) {
            throw new UnprocessableMessage("SCHEMA_VIOLATION", "an entry has no time or no message");
        }
        return new Entry(
                entry.kind(),
                entry.at(),
                entry.eventType(),
                entry.logger(),
                entry.level(),
                entry.message(),
                entry.nodeInstanceId(),
                entry.nodeName(),
                entry.operation());
    }
}
