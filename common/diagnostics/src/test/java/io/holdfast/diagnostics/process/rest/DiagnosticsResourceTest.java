package io.holdfast.diagnostics.process.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosticsResourceTest {

    @ParameterizedTest
    @CsvSource({
        "inventory-service, inventory, true",
        "inventory-service, workflow, false",
        "holdfast, inventory, true",
    })
    void aServiceWithoutMessagesTellsOfItsProcessToo(String application, String service, boolean runs) {
        assertThat(DiagnosticsResource.runs(application, service)).isEqualTo(runs);
    }
}
