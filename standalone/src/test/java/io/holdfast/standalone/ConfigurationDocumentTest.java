package io.holdfast.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The one default of a key is in the code; docs/configuration.md must not tell another. */
class ConfigurationDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/configuration.md");

    @Test
    void everyKeyIsDocumentedWithItsDefaultAndNoKeyIsInvented() throws IOException {
        // given
        List<String> inTheCode = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.holdfast").stream()
                        .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
                        .map(JavaClass::reflect)
                        .flatMap(type ->
                                rows(type.getAnnotation(ConfigMapping.class).prefix(), type))
                        .sorted()
                        .toList();

        // when
        String document = Files.readString(DOCUMENT);
        List<String> documented = document.substring(document.indexOf("## Keys of the services"))
                .lines()
                .filter(line -> line.startsWith("| `holdfast."))
                .map(line -> line.substring(0, line.indexOf('|', line.indexOf('|', 1) + 1) + 1))
                .sorted()
                .toList();

        // then
        assertThat(inTheCode).isNotEmpty();
        assertThat(documented).isEqualTo(inTheCode);
    }

    private static Stream<String> rows(String prefix, Class<?> mapping) {
        return Arrays.stream(mapping.getMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .flatMap(method -> {
                    String key = prefix + "." + name(method);
                    if (method.getReturnType().isInterface()
                            && method.getReturnType().getName().startsWith("io.holdfast.")) {
                        return rows(key, method.getReturnType());
                    }
                    String value = Optional.ofNullable(method.getAnnotation(WithDefault.class))
                            .map(annotation -> "`" + annotation.value() + "`")
                            .orElse("–");
                    return Stream.of("| `" + key + "` | " + value + " |");
                });
    }

    private static String name(Method method) {
        WithName given = method.getAnnotation(WithName.class);
        return given != null
                ? given.value()
                : method.getName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }
}
