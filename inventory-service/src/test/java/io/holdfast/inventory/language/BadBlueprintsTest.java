package io.holdfast.inventory.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.inventory.language.yaml.SnakeYamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each wrong blueprint of {@code bad-blueprints.txt} is refused with the reason, in the existing API's words where it has some for it, the
 * place and what was expected. There {@code ---} stands before what makes a blueprint invalid, {@code --!} before what makes it unparsable.
 */
class BadBlueprintsTest {

    /** @param unparsable whether the existing API does not call such a blueprint invalid, but says that it cannot parse it */
    private record Case(String name, Files files, String message, boolean unparsable) {}

    static final Library LIBRARY = new Library() {
        @Override
        public Optional<PluginFile> plugin(String packageName, Map<String, String> query, String language) {
            if (packageName.equals("labelled")) {
                return Optional.of(new PluginFile("labelled", """
                        labels: {team: {values: [blue]}, place: {values: [bergen]}}
                        blueprint_labels: {team: {values: [white]}, size: {values: [small]}}
                        """.getBytes(StandardCharsets.UTF_8)));
            }
            if (packageName.equals("versioned")) {
                throw new WrongVersion(query.getOrDefault("version", ""), "another version");
            }
            return packageName.equals("plug")
                    ? Optional.of(new PluginFile("plug", """
                            plugins:
                              plug: {executor: central_deployment_agent, package_name: plug}
                            """.getBytes(StandardCharsets.UTF_8)))
                    : Optional.empty();
        }

        @Override
        public Optional<OtherBlueprint> blueprint(String id) {
            return id.endsWith("other")
                    ? Optional.of(new OtherBlueprint(Files.of("""
                            tosca_definitions_version: cloudify_dsl_1_3
                            node_types: {t: {properties: {p: {default: 1}}}}
                            node_templates: {n: {type: t}}
                            """), "blueprint.yaml"))
                    : Optional.empty();
        }
    };

    static Plan parse(Files files) {
        return new BlueprintParser(new SnakeYamlReader(), LIBRARY).parse(files, "blueprint.yaml");
    }

    @TestFactory
    Stream<DynamicTest> wrongBlueprintsAreRefusedWithPlaceReasonAndExpectation() throws IOException {
        return cases().stream()
                .map(wrong -> DynamicTest.dynamicTest(wrong.name(), () -> {
                    // when
                    InvalidBlueprint refusal = catchThrowableOfType(InvalidBlueprint.class, () -> parse(wrong.files()));
                    // then
                    assertThat(refusal).as("refusal").isNotNull();
                    assertThat(refusal.detail()).isEqualTo(wrong.message());
                    assertThat(refusal.isUnparsable()).as("unparsable").isEqualTo(wrong.unparsable());
                }));
    }

    @Test
    void thereAreManyCases() throws IOException {
        assertThat(cases()).hasSizeGreaterThan(100);
    }

    private static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        String name = "";
        String path = "";
        Files files = new Files();
        StringBuilder text = new StringBuilder();
        for (String line : text("bad-blueprints.txt").split("\n")) {
            if (line.startsWith("=== ")) {
                name = line.substring(4);
                path = "blueprint.yaml";
                files = new Files();
                text.setLength(0);
            } else if (line.startsWith(">>> ")) {
                files.with(path, text.toString());
                path = line.substring(4);
                text.setLength(0);
            } else if (line.startsWith("--- ") || line.startsWith("--! ")) {
                cases.add(
                        new Case(name, files.with(path, text.toString()), line.substring(4), line.startsWith("--! ")));
            } else {
                text.append(line).append('\n');
            }
        }
        return cases;
    }

    static String text(String resource) throws IOException {
        try (InputStream in = BadBlueprintsTest.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
