package io.holdfast.inventory.blueprints.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.blueprints.BlueprintState;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes and removes blueprints. */
@ApplicationScoped
public class ChangeBlueprint {

    private final BlueprintRecords records;
    private final ContentLibrary content;
    private final KeepArchive archives;
    private final ArchiveIcons icons;
    private final Clock clock;

    ChangeBlueprint(
            BlueprintRecords records, ContentLibrary content, KeepArchive archives, ArchiveIcons icons, Clock clock) {
        this.icons = icons;
        this.archives = archives;
        this.records = records;
        this.content = content;
        this.clock = clock;
    }

    /**
     * Changes all of it or, refused, nothing.
     *
     * @param fields columns and their new values; who made the blueprint, and when, made the labels that are new, too
     * @param labels null: as they are
     * @param visibility null: as it is
     * @throws ManagerException bad_parameters_error for a state that there is not; conflict_error for labels of a blueprint that is not
     *     uploaded; illegal_action_error for a visibility that is narrower
     */
    @Transactional
    public void change(
            String id,
            Map<String, @Nullable String> fields,
            @Nullable List<Label> labels,
            @Nullable Visibility visibility,
            CallerIdentity caller) {
        if (visibility != null) {
            // First, as it waits for others with this id, who wait for the row.
            visibility(id, visibility, caller);
        }
        BlueprintRecords.Stored blueprint = held(id, caller);
        checkState(fields.get("state"), blueprint, labels != null);
        if (!fields.isEmpty()) {
            records.set(blueprint.tenant(), id, fields, clock.instant());
        }
        if (labels != null) {
            String createdAt = fields.get("created_at");
            records.labels(
                    blueprint.tenant(),
                    id,
                    labels,
                    Objects.requireNonNullElse(fields.get("created_by"), caller.username()),
                    createdAt == null ? clock.instant() : Instant.parse(createdAt));
        }
    }

    /** Labels come with a blueprint's becoming uploaded, or later. */
    private static void checkState(@Nullable String state, BlueprintRecords.Stored blueprint, boolean withLabels) {
        String uploaded = BlueprintState.UPLOADED.wireName();
        if (state != null && !BlueprintState.all().contains(state)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "Invalid state: `" + state + "`. Valid blueprint state values are: ['"
                            + String.join("', '", BlueprintState.all()) + "']",
                    null);
        }
        if (withLabels && state != null && !state.equals(uploaded)) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "Blueprint labels can be created only if the provided blueprint state is " + uploaded,
                    null);
        }
        if (withLabels && state == null && !uploaded.equals(blueprint.state())) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "Blueprint labels can only be updated if the blueprint was uploaded successfully",
                    null);
        }
    }

    /** The execution that uploaded a blueprint of the caller's tenant; empty where none is known. */
    public Optional<String> uploadedBy(String id, CallerIdentity caller) {
        return Optional.ofNullable(own(id, caller).uploadExecutionId());
    }

    /** Notes the execution that uploaded it, for one that was carried over. */
    @Transactional
    public void uploadedBy(String id, String executionId, CallerIdentity caller) {
        records.uploadedBy(own(id, caller), executionId);
    }

    @Transactional
    public void visibility(String id, Visibility visibility, CallerIdentity caller) {
        BlueprintRecords.Stored blueprint = own(id, caller);
        visibility.requireNotNarrowerThan(blueprint.visibility(), id);
        records.visibility(blueprint, visibility, clock.instant());
    }

    /**
     * Puts another archive in the place of a blueprint's. What was read from the former one stays.
     *
     * @throws ManagerException bad_parameters_error where it is no archive
     */
    public void archive(String id, UploadBlueprint.Source source, CallerIdentity caller) throws IOException {
        BlueprintRecords.Stored blueprint = own(id, caller);
        archives.keep(
                blueprint.tenant(),
                id,
                Objects.requireNonNullElse(blueprint.mainFile(), UploadBlueprint.MAIN_FILE),
                source,
                blueprint.archiveSha256());
    }

    /**
     * Gives a blueprint another icon, in its archive.
     *
     * @param icon null: it is to have none
     * @throws ManagerException not_found_error where there is no archive to keep it in
     */
    public void icon(String id, byte @Nullable [] icon, CallerIdentity caller) throws IOException {
        BlueprintRecords.Stored blueprint = own(id, caller);
        String sha256 = blueprint.archiveSha256();
        String name = blueprint.archiveName();
        ContentLibrary.Content archive =
                sha256 == null ? null : content.find(sha256).orElse(null);
        if (archive == null || name == null) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND,
                    "Blueprint `" + id + "` has no archive, which would hold its icon",
                    "upload its archive first, with PUT …/archive");
        }
        String format = ArchiveReader.FORMATS.stream()
                .filter(one -> name.endsWith("." + one))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("an archive of no known format: " + name));
        archives.keep(
                blueprint.tenant(),
                id,
                Objects.requireNonNullElse(blueprint.mainFile(), UploadBlueprint.MAIN_FILE),
                into -> icons.write(content.open(archive), format, icon, into),
                sha256);
    }

    /** @param force removes it even if others import it; not one whose upload is on its way */
    @Transactional
    public void remove(String id, boolean force, CallerIdentity caller) {
        BlueprintRecords.Stored blueprint = held(id, caller);
        String state = blueprint.state();
        if (state != null && BlueprintState.unfinished().contains(state)) {
            throw new ManagerException(
                    ErrorCode.INVALID_BLUEPRINT,
                    "Blueprint `" + id + "` is still " + state + ".",
                    "wait until its upload has ended");
        }
        List<String> deployments = records.deployments(blueprint);
        if (!deployments.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.DEPENDENT_EXISTS,
                    "Can't delete blueprint " + id
                            + " - There exist deployments for this blueprint; Deployments ids: "
                            + String.join(",", deployments),
                    "delete these deployments first");
        }
        List<String> importers = force ? List.of() : records.importers(blueprint);
        if (!importers.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.BLUEPRINT_IN_USE,
                    "Blueprint `" + id + "` is currently in use in blueprints: " + String.join(", ", importers)
                            + ". You can \"force\" blueprint removal.",
                    "delete these blueprints first, or pass force=true");
        }
        records.remove(blueprint);
        String archive = blueprint.archiveSha256();
        if (archive != null) {
            content.dropIfUnused(archive);
        }
    }

    /** Until the end of the transaction others wait who change or remove it, or make deployments of it. */
    private BlueprintRecords.Stored held(String id, CallerIdentity caller) {
        return records.hold(own(id, caller)).orElseThrow(() -> Refusals.notFound("Blueprint", id));
    }

    private BlueprintRecords.Stored own(String id, CallerIdentity caller) {
        BlueprintRecords.Stored blueprint =
                records.find(id, caller).orElseThrow(() -> Refusals.notFound("Blueprint", id));
        Refusals.requireOwn(id, blueprint.tenant(), caller.tenant());
        return blueprint;
    }
}
