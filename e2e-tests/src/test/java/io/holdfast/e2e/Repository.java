package io.holdfast.e2e;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the checkout is, found from the module's folder in which the tests run. */
final class Repository {

    private Repository() {}

    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null) {
            if (Files.exists(folder.resolve("holdfast")) && Files.exists(folder.resolve("common"))) {
                return folder;
            }
            folder = folder.getParent();
        }
        throw new IllegalStateException("not inside a checkout: " + Path.of("").toAbsolutePath());
    }
}
