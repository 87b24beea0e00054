package io.holdfast.testsupport;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * The genuine archives, which are not part of the repository: the directory named by the system property or environment variable
 * {@value #VARIABLE}, else {@code ../shared/fixtures} beside the repository.
 */
public final class Fixtures {

    /** Name of the property and of the variable. */
    public static final String VARIABLE = "HOLDFAST_FIXTURES";

    private Fixtures() {}

    /** The file or directory of this name; skips the test where it is absent. */
    public static Path require(String name) {
        Optional<Path> found = find(name);
        Assumptions.assumeTrue(
                found.isPresent(),
                "skipped: no fixture `" + name + "`; set " + VARIABLE + " to the directory that holds it");
        return found.orElseThrow();
    }

    public static Optional<Path> find(String name) {
        return directory().map(directory -> directory.resolve(name)).filter(Files::exists);
    }

    private static Optional<Path> directory() {
        String configured = System.getProperty(VARIABLE, System.getenv(VARIABLE));
        if (configured != null && !configured.isBlank()) {
            return Optional.of(Path.of(configured));
        }
        // Tests run in their module's directory, one or two below the root, which is where the wrapper is.
        for (Path directory = Path.of("").toAbsolutePath(); directory != null; directory = directory.getParent()) {
            if (Files.exists(directory.resolve("mvnw"))) {
                return Optional.of(directory.resolveSibling("shared").resolve("fixtures"));
            }
        }
        return Optional.empty();
    }
}
