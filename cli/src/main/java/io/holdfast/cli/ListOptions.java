package io.holdfast.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every {@code list} takes: which part of the list, in which order. */
final class ListOptions {

    @Option(
            names = "--sort-by",
            paramLabel = "FIELD",
            description = "Field to sort by (default: when it was made, or its name).")
    @Nullable
    String sortBy;

    @Option(names = "--descending", description = "Highest first.")
    boolean descending;

    @Option(
            names = {"-o", "--pagination-offset"},
            defaultValue = "0",
            paramLabel = "N",
            description = "Skip as many; at least 0.")
    int offset;

    @Option(
            names = {"-s", "--pagination-size"},
            defaultValue = "1000",
            paramLabel = "N",
            description = "Show at most as many.")
    int size;

    @Option(
            names = {"-a", "--all-tenants"},
            description = "Of all tenants that you may see, not only of one.")
    boolean allTenants;

    @Option(names = "--search", paramLabel = "TEXT", description = "Only those whose id or name contains the text.")
    @Nullable
    String search;

    /** The query of a list, beginning with a question mark. */
    String query(String defaultSort) {
        String field = sortBy == null ? defaultSort : sortBy;
        return "?_offset=" + offset + "&_size=" + size + "&_sort=" + (descending ? "-" : "") + Client.segment(field)
                + (allTenants ? "&_all_tenants=true" : "")
                + (search == null ? "" : "&_search=" + Client.segment(search));
    }
}
