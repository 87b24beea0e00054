package io.holdfast.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who is to see a thing that is made. */
final class VisibilityOption {

    @Option(
            names = {"-l", "--visibility"},
            paramLabel = "LEVEL",
            description = "Who sees it: private, tenant or global (default: tenant).")
    @Nullable
    String visibility;

    String orTenant() {
        return visibility == null ? "tenant" : visibility;
    }
}
