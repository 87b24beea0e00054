package io.holdfast.inventory.blueprints.app;

import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.content.app.TemporaryFile;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Keeps what was sent as a blueprint's archive. */
@ApplicationScoped
public class KeepArchive {

    private final BlueprintRecords records;
    private final ContentLibrary content;
    private final ArchiveReader archives;

    KeepArchive(BlueprintRecords records, ContentLibrary content, ArchiveReader archives) {
        this.records = records;
        this.content = content;
        this.archives = archives;
    }

    /**
     * In a transaction of its own.
     *
     * @param mainFile name for a single YAML file
     * @param former content that it takes the place of, dropped if nothing else needs it; null: none
     * @throws io.holdfast.contracts.errors.ManagerException bad_parameters_error where it is no archive; what the source says
     */
    void keep(
            String tenant, String blueprintId, String mainFile, UploadBlueprint.Source source, @Nullable String former)
            throws IOException {
        try (TemporaryFile temporary = TemporaryFile.of("blueprint")) {
            source.into(temporary.path());
            String format = archives.recognise(temporary.path(), mainFile);
            QuarkusTransaction.requiringNew().run(() -> {
                ContentLibrary.Content stored = content.store(temporary.path());
                records.archive(tenant, blueprintId, stored.sha256(), blueprintId + "." + format);
                if (former != null && !former.equals(stored.sha256())) {
                    content.dropIfUnused(former);
                }
            });
        }
    }
}
