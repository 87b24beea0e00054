package io.holdfast.inventory.blueprints.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.blueprints.BlueprintState;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.content.app.TemporaryFile;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.language.BlueprintFiles;
import io.holdfast.inventory.language.BlueprintParser;
import io.holdfast.inventory.language.InvalidBlueprint;
import io.holdfast.inventory.language.Library;
import io.holdfast.inventory.language.Mark;
import io.holdfast.inventory.language.Plan;
import io.holdfast.inventory.language.YamlReader;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.Visibility;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes a blueprint in: keeps the archive, parses it, keeps the plan. The row says where it stands all the time, and the execution
 * {@code upload_blueprint} tells the same to clients that follow it.
 */
@ApplicationScoped
public class UploadBlueprint {

    private static final Logger LOG = Logger.getLogger(UploadBlueprint.class);

    /** The main file of a blueprint that names none. */
    public static final String MAIN_FILE = "blueprint.yaml";

    /** Parsing is work for a processor; more at once only take memory. */
    private static final int AT_ONCE = 2;

    /** The archive, or how to come by it. */
    public interface Source {
        /** Puts it into the file; {@code param_url_not_found_error} and the like where that fails. */
        void into(Path file) throws IOException;
    }

    /**
     * @param mainFile path in the archive
     * @param createdBy null: the caller
     * @param createdAt null: now
     * @param url where the archive comes from, for the execution's parameters; null: it came with the request
     */
    public record Request(
            String id,
            Visibility visibility,
            String mainFile,
            List<Label> labels,
            @Nullable String createdBy,
            @Nullable Instant createdAt,
            @Nullable String url,
            Source source) {}

    private final BlueprintRecords records;
    private final UploadExecutions executions;
    private final ContentLibrary content;
    private final ArchiveReader archives;
    private final KeepArchive kept;
    private final YamlReader yaml;
    private final Function<CallerIdentity, Library> libraries;
    private final Clock clock;
    private final ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE, UploadBlueprint::thread);

    UploadBlueprint(
            BlueprintRecords records,
            UploadExecutions executions,
            ContentLibrary content,
            ArchiveReader archives,
            KeepArchive kept,
            YamlReader yaml,
            Libraries libraries,
            Clock clock) {
        this.records = records;
        this.executions = executions;
        this.content = content;
        this.archives = archives;
        this.kept = kept;
        this.yaml = yaml;
        this.libraries = libraries::of;
        this.clock = clock;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "blueprint-upload");
        thread.setDaemon(true);
        return thread;
    }

    @PreDestroy
    void stop() {
        workers.shutdown();
    }

    /**
     * Uploads and waits for the end.
     *
     * @throws ManagerException with what went wrong; the row is left in a failed state
     */
    public void upload(Request request, CallerIdentity caller) {
        UploadExecutions.Key key = begin(request, caller);
        receive(request, caller, key);
        finish(request.id(), caller, key);
    }

    /** Returns when the row and the archive are there; parsing goes on. An archive of a URL is fetched later, too. */
    public void uploadLater(Request request, CallerIdentity caller) {
        UploadExecutions.Key key = begin(request, caller);
        if (request.url() == null) {
            receive(request, caller, key);
            inBackground(() -> finish(request.id(), caller, key));
        } else {
            inBackground(() -> {
                receive(request, caller, key);
                finish(request.id(), caller, key);
            });
        }
    }

    /**
     * Keeps the archive and parses nothing: who carries blueprints over from another manager gives the row its plan and its state
     * afterwards. The row stays in the state {@code uploading}.
     */
    public void receiveOnly(Request request, CallerIdentity caller) {
        String tenant = tenant(caller);
        QuarkusTransaction.requiringNew()
                .run(() -> records.add(added(request, tenant, caller, null)).ifPresent(content::dropIfUnused));
        try {
            state(tenant, request.id(), BlueprintState.UPLOADING, null);
            keep(tenant, request);
        } catch (ManagerException e) {
            state(tenant, request.id(), BlueprintState.FAILED_UPLOADING, e.detail());
            throw e;
        } catch (IOException e) {
            state(tenant, request.id(), BlueprintState.FAILED_UPLOADING, "the archive could not be received: " + e);
            throw new UncheckedIOException(e);
        }
    }

    private BlueprintRecords.New added(
            Request request, String tenant, CallerIdentity caller, @Nullable String executionId) {
        return new BlueprintRecords.New(
                tenant,
                request.id(),
                request.visibility(),
                request.mainFile(),
                Objects.requireNonNullElse(request.createdBy(), caller.username()),
                Objects.requireNonNullElseGet(request.createdAt(), clock::instant),
                executionId,
                request.labels());
    }

    private void keep(String tenant, Request request) throws IOException {
        kept.keep(tenant, request.id(), request.mainFile(), request.source(), null);
    }

    /**
     * What a blueprint is that is right, and of which nothing was kept.
     *
     * @param labels those that it declares itself
     * @param execution of its validation, which has ended
     */
    public record Validated(Plan plan, List<Label> labels, Instant at, ObjectNode execution) {}

    /**
     * Parses and keeps nothing but the execution, which says how it ended.
     *
     * @throws ManagerException invalid_blueprint_error
     */
    public Validated validate(Request request, CallerIdentity caller) {
        UploadExecutions.Key key =
                new UploadExecutions.Key(tenant(caller), UUID.randomUUID().toString());
        executions.started(key, request.visibility(), caller.username(), parameters(request, true));
        try {
            Plan plan = parse(request, caller);
            executions.logged(key, "Blueprint validated.");
            executions.ended(key, null);
            return new Validated(
                    plan,
                    labels(plan),
                    clock.instant(),
                    executions.find(List.of(key)).getOrDefault(key, executions.none()));
        } catch (ManagerException e) {
            executions.ended(key, e.detail());
            throw e;
        } catch (RuntimeException e) {
            executions.ended(key, "validation ended unexpectedly: " + e);
            throw e;
        }
    }

    private Plan parse(Request request, CallerIdentity caller) {
        try (TemporaryFile temporary = TemporaryFile.of("blueprint")) {
            Path file = temporary.path();
            request.source().into(file);
            String format = archives.recognise(file, request.mainFile());
            try (InputStream in = Files.newInputStream(file)) {
                BlueprintFiles files = archives.read(in, format);
                requireMainFile(files, request.mainFile());
                return parse(files, request.mainFile(), caller);
            } catch (InvalidBlueprint e) {
                throw invalid(request.id(), e);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the archive of " + request.id(), e);
        }
    }

    /**
     * Parses a blueprint once more; nothing changes.
     *
     * @param choice what its imports are looked for in, made of what the caller sees
     * @throws ManagerException invalid_blueprint_error
     */
    public Plan parseAgain(BlueprintRecords.Stored blueprint, UnaryOperator<Library> choice, CallerIdentity caller) {
        if (blueprint.archiveSha256() == null) {
            throw new ManagerException(
                    ErrorCode.INVALID_BLUEPRINT,
                    "Blueprint `" + blueprint.id() + "` has no archive",
                    "send it: PUT /blueprints/ID/archive");
        }
        String mainFile = Objects.requireNonNullElse(blueprint.mainFile(), MAIN_FILE);
        try {
            return new BlueprintParser(yaml, choice.apply(libraries.apply(caller))).parse(read(blueprint), mainFile);
        } catch (InvalidBlueprint e) {
            throw invalid(blueprint.id(), e);
        }
    }

    /** Goes on with an upload whose service stopped. */
    void resume(BlueprintRecords.Stored blueprint) {
        String tenant = blueprint.tenant();
        UploadExecutions.Key key =
                new UploadExecutions.Key(tenant, Objects.requireNonNullElse(blueprint.uploadExecutionId(), ""));
        CallerIdentity owner = new CallerIdentity(
                Objects.requireNonNullElse(blueprint.createdBy(), ""),
                false,
                tenant,
                List.of(tenant),
                List.of(),
                CallerIdentity.INTERNAL,
                clock.instant());
        if (blueprint.archiveSha256() == null) {
            fail(
                    tenant,
                    blueprint.id(),
                    key,
                    BlueprintState.FAILED_UPLOADING,
                    new ManagerException(
                            ErrorCode.INVALID_BLUEPRINT,
                            "the manager stopped before the archive had arrived",
                            "upload the blueprint again"));
            return;
        }
        finish(blueprint.id(), owner, key);
    }

    private void inBackground(Runnable work) {
        workers.execute(() -> {
            try {
                work.run();
            } catch (ManagerException e) {
                // The row and the execution say it.
                LOG.debugf("an upload ended with: %s", e.detail());
            } catch (RuntimeException e) {
                LOG.error("an upload ended unexpectedly", e);
            }
        });
    }

    private static String tenant(CallerIdentity caller) {
        return Objects.requireNonNull(caller.tenant(), "an upload has a tenant");
    }

    private UploadExecutions.Key begin(Request request, CallerIdentity caller) {
        String tenant = tenant(caller);
        UploadExecutions.Key key =
                new UploadExecutions.Key(tenant, UUID.randomUUID().toString());
        QuarkusTransaction.requiringNew()
                .run(() -> records.add(added(request, tenant, caller, key.id())).ifPresent(content::dropIfUnused));
        try {
            executions.started(key, request.visibility(), caller.username(), parameters(request, false));
        } catch (ManagerException e) {
            state(tenant, request.id(), BlueprintState.FAILED_UPLOADING, e.detail());
            throw e;
        }
        return key;
    }

    /** As the product shows them. */
    private static Map<String, @Nullable Object> parameters(Request request, boolean validateOnly) {
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        parameters.put("blueprint_id", request.id());
        parameters.put("app_file_name", request.mainFile());
        parameters.put("url", request.url());
        parameters.put("validate_only", validateOnly);
        parameters.put(
                "labels",
                request.labels().stream()
                        .map(label -> Map.of("key", label.key(), "value", label.value()))
                        .toList());
        return parameters;
    }

    private void receive(Request request, CallerIdentity caller, UploadExecutions.Key key) {
        String tenant = tenant(caller);
        state(tenant, request.id(), BlueprintState.UPLOADING, null);
        try {
            keep(tenant, request);
            executions.logged(key, "Blueprint archive uploaded. Extracting...");
        } catch (ManagerException e) {
            // As for all that is found after the request was taken; what came with it is refused as it is.
            throw request.url() == null
                    ? fail(tenant, request.id(), key, BlueprintState.FAILED_UPLOADING, e)
                    : fail(
                            tenant,
                            request.id(),
                            key,
                            BlueprintState.FAILED_UPLOADING,
                            e.detail(),
                            new ManagerException(
                                    ErrorCode.INVALID_BLUEPRINT,
                                    "Blueprint `" + request.id() + "` has failed uploading. Error: " + e.detail(),
                                    e.hint(),
                                    e));
        } catch (IOException | RuntimeException e) {
            fail(
                    tenant,
                    request.id(),
                    key,
                    BlueprintState.FAILED_UPLOADING,
                    new ManagerException(ErrorCode.INTERNAL_SERVER, "the archive could not be received: " + e, null));
            throw e instanceof RuntimeException unexpected ? unexpected : new UncheckedIOException((IOException) e);
        }
    }

    private void finish(String id, CallerIdentity caller, UploadExecutions.Key key) {
        String tenant = tenant(caller);
        BlueprintRecords.Stored blueprint =
                records.find(id, caller).orElseThrow(() -> Refusals.notFound("Blueprint", id));
        String mainFile = Objects.requireNonNullElse(blueprint.mainFile(), MAIN_FILE);
        try {
            state(tenant, id, BlueprintState.EXTRACTING, null);
            BlueprintFiles files = files(blueprint);
            executions.logged(key, "Blueprint archive extracted. Parsing...");
            state(tenant, id, BlueprintState.PARSING, null);
            Plan plan;
            try {
                plan = parse(files, mainFile, caller);
            } catch (InvalidBlueprint e) {
                BlueprintState state = e.isUnparsable() ? BlueprintState.FAILED_PARSING : BlueprintState.INVALID;
                throw fail(tenant, id, key, state, error(e), invalid(id, e));
            } catch (ManagerException e) {
                // What a blueprint imports could not be read, for a reason that is not the blueprint's own.
                throw fail(tenant, id, key, BlueprintState.FAILED_PARSING, error(e), invalid(id, e));
            }
            executions.logged(key, "Blueprint parsed. Updating DB with blueprint plan.");
            List<Label> labels = labels(plan);
            Instant now = clock.instant();
            QuarkusTransaction.requiringNew()
                    .run(() -> records.uploaded(tenant, id, plan, labels, blueprint.createdBy(), now));
            executions.ended(key, null);
        } catch (ManagerException e) {
            throw e;
        } catch (RuntimeException e) {
            fail(
                    tenant,
                    id,
                    key,
                    BlueprintState.FAILED_PARSING,
                    new ManagerException(ErrorCode.INTERNAL_SERVER, "parsing ended unexpectedly: " + e, null));
            throw e;
        }
    }

    private BlueprintFiles files(BlueprintRecords.Stored blueprint) {
        try {
            BlueprintFiles files = read(blueprint);
            requireMainFile(files, Objects.requireNonNullElse(blueprint.mainFile(), MAIN_FILE));
            return files;
        } catch (ManagerException e) {
            throw fail(
                    blueprint.tenant(),
                    blueprint.id(),
                    new UploadExecutions.Key(
                            blueprint.tenant(), Objects.requireNonNullElse(blueprint.uploadExecutionId(), "")),
                    BlueprintState.FAILED_EXTRACTING,
                    e.detail(),
                    new ManagerException(
                            ErrorCode.INVALID_BLUEPRINT,
                            "Blueprint `" + blueprint.id() + "` has failed extracting. Error: " + e.detail(),
                            e.hint(),
                            e));
        }
    }

    private static void requireMainFile(BlueprintFiles files, String mainFile) {
        if (!files.contains(mainFile)) {
            throw new ManagerException(
                    ErrorCode.INVALID_BLUEPRINT,
                    mainFile.equals(MAIN_FILE)
                            ? "Application directory is missing " + MAIN_FILE
                                    + " and application_file_name query parameter was not passed"
                            : mainFile + " does not exist in the application directory",
                    "name the main file in `application_file_name`");
        }
    }

    private BlueprintFiles read(BlueprintRecords.Stored blueprint) {
        String sha256 = Objects.requireNonNull(blueprint.archiveSha256(), "an archive has been received");
        ContentLibrary.Content archive = content.find(sha256)
                .orElseThrow(() -> new IllegalStateException("the archive " + sha256 + " is not there"));
        String name = Objects.requireNonNullElse(blueprint.archiveName(), "");
        String format = ArchiveReader.FORMATS.stream()
                .filter(known -> name.endsWith("." + known))
                .max(java.util.Comparator.comparingInt(String::length))
                .orElse("tar.gz");
        try (InputStream in = content.open(archive)) {
            return archives.read(in, format);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the archive " + sha256, e);
        }
    }

    private Plan parse(BlueprintFiles files, String mainFile, CallerIdentity caller) {
        Plan plan = new BlueprintParser(yaml, libraries.apply(caller)).parse(files, mainFile);
        try {
            labels(plan);
        } catch (ManagerException e) {
            throw new InvalidBlueprint(
                    Mark.of(mainFile), "one of the blueprint_labels is no label: " + e.detail(), "other labels", e);
        }
        return plan;
    }

    private static ManagerException invalid(String id, ManagerException e) {
        return new ManagerException(
                ErrorCode.INVALID_BLUEPRINT,
                "Blueprint `" + id + "` " + (isInvalid(e) ? "is invalid" : "has failed parsing") + ". Error: "
                        + error(e),
                "correct the blueprint and upload it again",
                e);
    }

    /** What the row says of it. */
    private static String error(ManagerException e) {
        return (isInvalid(e) ? "Invalid blueprint - " : "Failed parsing blueprint - ") + e.detail();
    }

    private static boolean isInvalid(ManagerException e) {
        return e instanceof InvalidBlueprint invalid && !invalid.isUnparsable();
    }

    private static List<Label> labels(Plan plan) {
        List<Label> labels = new ArrayList<>();
        plan.blueprintLabels().forEach((key, spec) -> {
            if (spec instanceof Map<?, ?> map && map.get("values") instanceof List<?> values) {
                values.forEach(value -> labels.add(Label.of(key, String.valueOf(value))));
            }
        });
        return labels;
    }

    /** Leaves the reason in the row and in the execution, and hands it back to be thrown. */
    private ManagerException fail(
            String tenant, String id, UploadExecutions.Key key, BlueprintState state, ManagerException reason) {
        return fail(tenant, id, key, state, reason.detail(), reason);
    }

    private ManagerException fail(
            String tenant,
            String id,
            UploadExecutions.Key key,
            BlueprintState state,
            String error,
            ManagerException reason) {
        state(tenant, id, state, error);
        executions.ended(key, error);
        return reason;
    }

    private void state(String tenant, String id, BlueprintState state, @Nullable String error) {
        Instant now = clock.instant();
        QuarkusTransaction.requiringNew().run(() -> records.state(tenant, id, state, error, now));
    }
}
