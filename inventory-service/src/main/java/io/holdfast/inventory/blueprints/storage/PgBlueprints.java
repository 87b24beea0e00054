package io.holdfast.inventory.blueprints.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.blueprints.app.Blueprints;
import io.holdfast.inventory.blueprints.app.UploadExecutions;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.content.app.Download;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.filters.Filtered;
import io.holdfast.inventory.filters.app.SavedFilters;
import io.holdfast.inventory.filters.storage.ConstraintSql;
import io.holdfast.inventory.filters.storage.RuleSql;
import io.holdfast.inventory.labels.storage.Labels;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.holdfast.listing.Summary;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

@Singleton
class PgBlueprints implements Blueprints {

    private static final String EXECUTION = "upload_execution";

    private static final Entity ENTITY = Entity.of("Blueprint", "inventory.blueprints e")
            .times("created_at", "updated_at")
            .texts("id", "main_file_name", "description", "state", "error", "error_traceback")
            .largeJsons("plan")
            .jsons("requirements")
            .bools("is_hidden")
            .json("labels", Labels.of("inventory.blueprint_labels", "blueprint_id"))
            .derived(EXECUTION)
            .hidden(EXECUTION, "e.upload_execution_id")
            .hidden("archive", "e.archive_sha256")
            .hidden("archive_name", "e.archive_name")
            .owned("e")
            .counted("inventory", "blueprints", "NOT e.is_hidden")
            .searchBy("_search", "e.id")
            .sortBy("created_at")
            .build();

    private static final Summary SUMMARY = new Summary("blueprints", List.of("tenant_name", "visibility"));

    private static final RuleSql RULES = new RuleSql(
            "inventory.blueprint_labels",
            "blueprint_id",
            Map.of(
                    "id", "e.id",
                    "created_by", "e.created_by",
                    "tenant_name", "e.tenant_name",
                    "visibility", "e.visibility",
                    "state", "e.state",
                    "description", "e.description"));

    private final Lister lister;
    private final UploadExecutions executions;
    private final SavedFilters filters;
    private final ContentLibrary library;

    PgBlueprints(
            @DataSource("inventory") AgroalDataSource dataSource,
            UploadExecutions executions,
            SavedFilters filters,
            ContentLibrary library) {
        this.lister = new Lister(dataSource);
        this.executions = executions;
        this.filters = filters;
        this.library = library;
    }

    @Override
    public Listing list(ListRequest request, CallerIdentity caller) {
        return search(request, List.of(), Constraints.NONE, caller);
    }

    @Override
    public Listing search(ListRequest request, List<FilterRule> rules, Constraints names, CallerIdentity caller) {
        Condition shown = Condition.of(request.filters().containsKey("is_hidden") ? "true" : "NOT e.is_hidden");
        List<Condition> chosen = new ArrayList<>();
        request.special("_filter_id")
                .ifPresent(id -> chosen.add(RULES.of(filters.rules(Filtered.BLUEPRINTS, id, caller))));
        if (!rules.isEmpty()) {
            chosen.add(RULES.of(rules));
        }
        chosen.addAll(List.of(ConstraintSql.on("e.id", names)));
        Listing listing = lister.listFiltered(ENTITY, request, caller, List.of(shown), chosen);
        addExecutions(listing.rows());
        return listing;
    }

    @Override
    public ObjectNode summary(ListRequest request, CallerIdentity caller) {
        return lister.summarize(SUMMARY, ENTITY, request, caller, Condition.of("NOT e.is_hidden"));
    }

    @Override
    public Row get(String id, ListRequest request, CallerIdentity caller) {
        Row row = lister.get(ENTITY, id, request, caller);
        addExecutions(List.of(row));
        return row;
    }

    @Override
    public Download archive(String id, CallerIdentity caller) {
        Row row = lister.get(ENTITY, id, ListRequest.parseGet(Map.of("_include", List.of("id"))), caller);
        return row.hidden("archive")
                .flatMap(library::find)
                .map(content -> new Download(row.hidden("archive_name").orElse(id + ".tar.gz"), content))
                .orElseThrow(() -> Lister.notFound("BlueprintArchive", id));
    }

    private void addExecutions(List<Row> rows) {
        Set<UploadExecutions.Key> keys = new LinkedHashSet<>();
        for (Row row : rows) {
            if (row.wants(EXECUTION)) {
                row.hidden(EXECUTION).ifPresent(id -> keys.add(new UploadExecutions.Key(row.tenant(), id)));
            }
        }
        Map<UploadExecutions.Key, ObjectNode> found = executions.find(keys);
        for (Row row : rows) {
            if (row.wants(EXECUTION)) {
                row.json()
                        .set(
                                EXECUTION,
                                row.hidden(EXECUTION)
                                        .map(id -> found.get(new UploadExecutions.Key(row.tenant(), id)))
                                        .orElseGet(executions::none));
            }
        }
    }
}
