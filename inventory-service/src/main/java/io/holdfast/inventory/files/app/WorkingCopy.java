package io.holdfast.inventory.files.app;

import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.content.app.TemporaryFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** An archive of the content library as a file of its own. Closing it deletes it. @param file null: there are no files */
record WorkingCopy(@Nullable TemporaryFile file) implements AutoCloseable {

    /** @param sha256 null: there are no files */
    static WorkingCopy of(@Nullable String sha256, ContentLibrary library) {
        if (sha256 == null) {
            return new WorkingCopy(null);
        }
        ContentLibrary.Content content = library.find(sha256)
                .orElseThrow(() -> new IllegalStateException("the archive " + sha256 + " is not there"));
        TemporaryFile file = TemporaryFile.of("files");
        try (InputStream in = library.open(content)) {
            Files.copy(in, file.path(), StandardCopyOption.REPLACE_EXISTING);
            return new WorkingCopy(file);
        } catch (IOException e) {
            file.close();
            throw new UncheckedIOException("cannot copy the archive " + sha256, e);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Nullable
    Path path() {
        return file == null ? null : file.path();
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
