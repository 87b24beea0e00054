package io.holdfast.inventory.blueprints.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The icon that a blueprint's archive has: the file {@code icon.png} in its top directory, where user interfaces look for it. */
public interface ArchiveIcons {

    /**
     * Writes an archive anew, of the same format and with all its other files as they are.
     *
     * @param format one of {@link ArchiveReader#FORMATS}
     * @param icon in the place of the one that there is; null: there is to be none
     * @param into a file, which is overwritten
     * @throws io.holdfast.contracts.errors.ManagerException {@code invalid_blueprint_error} where it is damaged or empty
     */
    void write(InputStream archive, String format, byte @Nullable [] icon, Path into) throws IOException;
}
