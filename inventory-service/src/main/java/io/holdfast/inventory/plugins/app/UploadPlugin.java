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
import java.util.List;
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

    /** @param caravan whether they came in one archive of several */
    public record Uploaded(List<String> ids, boolean caravan) {
        public Uploaded {
            ids = List.copyOf(ids);
        }
    }

    /** A plugin, or all of a caravan: if one of these is refused, none is kept. */
    public Uploaded upload(Request request, CallerIdentity caller) {
        try (TemporaryFile received = TemporaryFile.of("plugin")) {
            request.source().into(received.path());
            List<TemporaryFile> plugins = reader.caravan(received.path());
            try {
                if (plugins.isEmpty()) {
                    return new Uploaded(
                            List.of(keep(received.path(), request, request.id(), request.title(), caller)), false);
                }
                return QuarkusTransaction.requiringNew()
                        .call(() -> new Uploaded(
                                plugins.stream()
                                        .map(plugin -> keep(plugin.path(), request, null, null, caller))
                                        .toList(),
                                true));
            } finally {
                plugins.forEach(TemporaryFile::close);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot receive the archive of a plugin", e);
        }
    }

    private String keep(
            Path archive, Request request, @Nullable String wantedId, @Nullable String title, CallerIdentity caller) {
        try (TemporaryFile unpacked = TemporaryFile.of("plugin")) {
            Path wagon = unpacked.path();
            PluginDescription description = reader.read(archive, wagon);
            boolean bare = Files.size(wagon) == 0;
            String id = wantedId == null ? UUID.randomUUID().toString() : wantedId;
            String createdBy = request.createdBy();
            Instant uploadedAt = request.uploadedAt();
            QuarkusTransaction.joiningExisting().run(() -> {
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
            throw new UncheckedIOException("cannot read the archive of a plugin", e);
        }
    }
}
