package io.holdfast.inventory.plugins.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.content.app.TemporaryFile;
import io.holdfast.inventory.plugins.PluginDescription;
import io.holdfast.inventory.resources.Visibility;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes a plugin in: reads its archive, keeps it and what it says. Nothing is kept of one that is refused. */
@ApplicationScoped
public class UploadPlugin {

    /** The archive, or how to come by it. */
    public interface Source {
        /** Puts it into the file; {@code param_url_not_found_error} and the like where that fails. */
        void into(Path file) throws IOException;
    }

    /** Null: a new id, the package's name, the caller, now. */
    public record Request(
            @Nullable String id,
            @Nullable String title,
            Visibility visibility,
            @Nullable String createdBy,
            @Nullable Instant uploadedAt,
            Source source) {}

    private final PluginRecords records;
    private final PluginReader reader;
    private final ContentLibrary content;
    private final Clock clock;

    UploadPlugin(PluginRecords records, PluginReader reader, ContentLibrary content, Clock clock) {
        this.records = records;
        this.reader = reader;
        this.content = content;
        this.clock = clock;
    }

    /** @return the plugin's id */
    public String upload(Request request, CallerIdentity caller) {
        try (TemporaryFile received = TemporaryFile.of("plugin");
                TemporaryFile unpacked = TemporaryFile.of("plugin")) {
            Path archive = received.path();
            Path wagon = unpacked.path();
            request.source().into(archive);
            PluginDescription description = reader.read(archive, wagon);
            boolean bare = Files.size(wagon) == 0;
            String id = request.id() == null ? UUID.randomUUID().toString() : request.id();
            String title = request.title();
            String createdBy = request.createdBy();
            Instant uploadedAt = request.uploadedAt();
            QuarkusTransaction.requiringNew().run(() -> {
                String archiveSha256 = content.store(archive).sha256();
                records.add(new PluginRecords.New(
                        Objects.requireNonNull(caller.tenant(), "a plugin has a tenant"),
                        id,
                        title == null || title.isBlank() ? description.packageName() : title,
                        description,
                        archiveSha256,
                        bare ? archiveSha256 : content.store(wagon).sha256(),
                        request.visibility(),
                        createdBy == null ? caller.username() : createdBy,
                        uploadedAt == null ? clock.instant() : uploadedAt));
            });
            return id;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot receive the archive of a plugin", e);
        }
    }
}
