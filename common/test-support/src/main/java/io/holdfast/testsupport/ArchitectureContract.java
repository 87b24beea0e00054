package io.holdfast.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The architecture test of a service: a subclass in each service module, without anything in it, checks that module's classes. */
public abstract class ArchitectureContract {

    private static final String CONFIGURATION = "META-INF/microprofile-config.properties";

    /** Where this module's compiled main classes are. */
    private static final Path CLASSES = Path.of("target", "classes");

    @TestFactory
    Stream<DynamicTest> theWallsStand() {
        JavaClasses classes = new ClassFileImporter().importPath(CLASSES);
        assertThat(classes).as("compiled classes of this module").isNotEmpty();
        return HoldfastArchitecture.rules().entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(), () -> rule.getValue().check(classes)));
    }

    @Test
    void everyChannelCarriesTheSafetySettings() {
        assertThat(ChannelRules.violations(configuration())).isEmpty();
    }

    private static Map<String, String> configuration() {
        Map<String, String> merged = new HashMap<>();
        try {
            URL own = CLASSES.resolve(CONFIGURATION).toUri().toURL();
            for (URL url :
                    Collections.list(ArchitectureContract.class.getClassLoader().getResources(CONFIGURATION))) {
                if (!url.equals(own)) {
                    read(url, merged);
                }
            }
            if (CLASSES.resolve(CONFIGURATION).toFile().exists()) {
                read(own, merged);
            }
        } catch (IOException e) {
            fail("the configuration is unreadable", e);
        }
        return merged;
    }

    private static void read(URL url, Map<String, String> merged) {
        Properties properties = new Properties();
        try (InputStream in = url.openStream()) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        properties.stringPropertyNames().forEach(name -> merged.put(name, properties.getProperty(name)));
    }
}
