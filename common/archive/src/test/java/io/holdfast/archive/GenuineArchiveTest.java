package io.holdfast.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class GenuineArchiveTest {

    @Test
    void aGenuineArchiveOfCloudify7IsKnownByItsNumberedFiles() {
        // given
        Path fixture = Stream.of(
                        Optional.ofNullable(System.getenv("HOLDFAST_FIXTURES")).map(Path::of),
                        Optional.of(Path.of("../../../shared/fixtures")))
                .flatMap(Optional::stream)
                .map(folder -> folder.resolve("real_7x_flat_easy.zip"))
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(
                fixture != null,
                "skipped: no real_7x_flat_easy.zip; set HOLDFAST_FIXTURES to the directory that holds it");
        // when
        ArchiveSummary summary = ArchiveInspector.requireKnown(fixture);
        // then
        assertThat(summary.layout()).isEqualTo(ArchiveLayout.CLOUDIFY_N1);
        assertThat(summary.version()).isEqualTo("7.1.0");
        assertThat(summary.tenants()).containsExactly("default_tenant", "other", "shared");
        assertThat(summary.executionId()).isNotEmpty();
    }
}
