package io.holdfast.inventory.deployments.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.content.app.TemporaryFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** The work directory of a deployment in a request: a zip in Base64. Closing it deletes the file. */
record WorkDirectoryInBody(TemporaryFile file, boolean empty) implements AutoCloseable {

    /** @throws ManagerException {@code bad_parameters_error} for what is no zip in Base64 */
    static WorkDirectoryInBody of(String text) {
        TemporaryFile file = TemporaryFile.of("workdir");
        try {
            Files.write(file.path(), Base64.getMimeDecoder().decode(text));
            return new WorkDirectoryInBody(file, isEmpty(file.path()));
        } catch (IllegalArgumentException | ZipException e) {
            file.close();
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "workdir_zip is no zip file in Base64: " + e.getMessage(),
                    "give the Base64 of a zip of the work directory; an empty directory is an empty zip",
                    e);
        } catch (IOException e) {
            file.close();
            throw new UncheckedIOException("cannot keep the work directory that was sent", e);
        }
    }

    private static boolean isEmpty(Path path) throws IOException {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            return zip.size() == 0;
        }
    }

    /** Null: there is nothing in it. */
    @Nullable
    Path path() {
        return empty ? null : file.path();
    }

    @Override
    public void close() {
        file.close();
    }
}
