package io.holdfast.inventory.blueprints.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.blueprints.BlueprintState;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.language.Plan;
import io.holdfast.inventory.resources.Visibility;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of blueprints, for writing. Each change belongs to the transaction that runs. */
public interface BlueprintRecords {

    /** @param archiveSha256 null where none has been received */
    record Stored(
            String tenant,
            String id,
            @Nullable String state,
            Visibility visibility,
            @Nullable String mainFile,
            @Nullable String archiveSha256,
            @Nullable String archiveName,
            @Nullable String createdBy,
            @Nullable String uploadExecutionId) {}

    /** A new upload. @param uploadExecutionId null: none goes on with it */
    record New(
            String tenant,
            String id,
            Visibility visibility,
            String mainFile,
            String createdBy,
            Instant createdAt,
            @Nullable String uploadExecutionId,
            List<Label> labels) {}

    /** The one that the caller sees: of the tenant first, else a global one. */
    Optional<Stored> find(String id, CallerIdentity caller);

    /**
     * Keeps others from changing or removing it, and from making deployments of it, until the end of the transaction.
     *
     * @return as it is by then; empty if it is gone
     */
    Optional<Stored> hold(Stored blueprint);

    /**
     * Adds a row in the state {@code pending}. One that failed before gives way.
     *
     * @return the archive of the one that gave way
     * @throws io.holdfast.contracts.errors.ManagerException {@code conflict_error} where another has the id, here or globally
     */
    Optional<String> add(New blueprint);

    void state(String tenant, String id, BlueprintState state, @Nullable String error, Instant at);

    void archive(String tenant, String id, String sha256, String name);

    /** Ends an upload well: the plan and what follows from it. Labels are added to those that there are. */
    void uploaded(String tenant, String id, Plan plan, List<Label> labels, @Nullable String createdBy, Instant at);

    /** Sets columns of the same names: {@code description}, {@code main_file_name}, {@code state}, … JSON as text. */
    void set(String tenant, String id, Map<String, @Nullable String> fields, Instant at);

    /** In place of those that there are; the ones that stay keep their times. */
    void labels(String tenant, String id, List<Label> labels, String createdBy, Instant at);

    /** Notes the execution that it was uploaded by. One whose upload is under way keeps its own. */
    void uploadedBy(Stored blueprint, String executionId);

    void visibility(Stored blueprint, Visibility visibility, Instant at);

    /** Ids of deployments that were made of it, in any tenant that sees it. */
    List<String> deployments(Stored blueprint);

    /** Ids of blueprints whose plans import it. */
    List<String> importers(Stored blueprint);

    void remove(Stored blueprint);

    /** Takes uploads that nobody has gone on with for so long; whoever gets them owns them. */
    List<Stored> takeAbandoned(Duration silence);
}
