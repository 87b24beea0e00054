package io.holdfast.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What keeps a list to one deployment. */
final class DeploymentFilter {

    @Option(
            names = {"-d", "--deployment-id"},
            paramLabel = "ID",
            description = "Of this deployment only.")
    @Nullable
    String deployment;

    /** Behind a query; empty: of all. */
    String query() {
        return deployment == null ? "" : "&deployment_id=" + Client.segment(deployment);
    }
}
