package io.holdfast.inventory.deployments.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.deployments.DeploymentStatus;
import io.holdfast.inventory.deployments.app.Deployments;
import io.holdfast.inventory.deployments.app.LatestExecutions;
import io.holdfast.inventory.deployments.app.ScheduledDeployments;
import io.holdfast.inventory.filters.Constraints;
import io.holdfast.inventory.filters.FilterRule;
import io.holdfast.inventory.filters.FilterRules;
import io.holdfast.inventory.filters.Filtered;
import io.holdfast.inventory.filters.app.SavedFilters;
import io.holdfast.inventory.filters.storage.ConstraintSql;
import io.holdfast.inventory.filters.storage.RuleSql;
import io.holdfast.inventory.labels.storage.Labels;
import io.holdfast.inventory.resources.storage.DependencyTarget;
import io.holdfast.inventory.resources.storage.Seen;
import io.holdfast.listing.Condition;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.holdfast.listing.Summary;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

@Singleton
class PgDeployments implements Deployments {

    private static final String WORKFLOWS = "workflows";
    private static final String WORKDIR = "workdir_zip";

    /** It is held in memory some four times. */
    private static final long MAX_WORKDIR_BYTES = 32L << 20;

    /** Clients know the work directory of a deployment that has none by exactly this: the end record of a zip without files. */
    private static final String EMPTY_ZIP = "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==";

    /** A filter by membership; no field of the answer. */
    private static final String GROUP = "deployment_group_id";

    private static final String INSTALLATION = "installation_status";
    private static final String STATUS = "deployment_status";

    /** Fields of which the stored ones are only as new as the last restore, or as the deployment. */
    private static final List<String> LATEST = List.of(
            INSTALLATION,
            STATUS,
            "latest_execution",
            "latest_execution_workflow_id",
            "latest_execution_status",
            "latest_execution_total_operations",
            "latest_execution_finished_operations");

    /** Fields that what is below a deployment counts in, found with each answer, too. */
    private static final List<String> BELOW = List.of(
            STATUS,
            "sub_services_count",
            "sub_environments_count",
            "has_sub_deployments",
            "sub_services_status",
            "sub_environments_status");

    private static final Entity ENTITY = Entity.of("Deployment", "inventory.deployments e")
            .times("created_at", "updated_at")
            .texts("id", "blueprint_id", "display_name", "description", "site_name", "permalink")
            .jsons("inputs", "groups", "scaling_groups", "policy_triggers", "policy_types", "outputs", "capabilities")
            .json("resource_tags", "e.resource_tags")
            .bools("runtime_only_evaluation")
            .texts("installation_status", "deployment_status", "sub_services_status", "sub_environments_status")
            .integers("sub_services_count", "sub_environments_count")
            .integer("drifted_instances", instances("i.has_configuration_drift"))
            .integer("unavailable_instances", instances("NOT i.is_status_check_ok"))
            .text("create_execution", "e.create_execution_id")
            .text("latest_execution", "e.latest_execution_id")
            .texts("latest_execution_workflow_id")
            .text("latest_execution_status", """
                    CASE e.latest_execution_status
                        WHEN 'terminated' THEN 'completed'
                        WHEN 'failed' THEN 'failed'
                        WHEN 'cancelled' THEN 'cancelled'
                        WHEN 'queued' THEN 'queued'
                        WHEN 'scheduled' THEN 'scheduled'
                        WHEN 'pending' THEN 'in_progress'
                        WHEN 'started' THEN 'in_progress'
                        WHEN 'cancelling' THEN 'in_progress'
                        WHEN 'force_cancelling' THEN 'in_progress'
                        WHEN 'kill_cancelling' THEN 'in_progress'
                    END""")
            .integer("latest_execution_total_operations", "coalesce(e.latest_execution_total_operations, 0)")
            .integer("latest_execution_finished_operations", "coalesce(e.latest_execution_finished_operations, 0)")
            .text("environment_type", """
                    coalesce((SELECT min(l.value) FROM inventory.deployment_labels l WHERE l.tenant_name = e.tenant_name
                              AND l.deployment_id = e.id AND l.key = 'csys-env-type'), '')""")
            .bool("has_sub_deployments", "(e.sub_services_count + e.sub_environments_count > 0)")
            .json("labels", Labels.of("inventory.deployment_labels", "deployment_id"))
            .json("deployment_groups", """
                    (SELECT coalesce(jsonb_agg(m.deployment_group_id ORDER BY m.storage_id), '[]'::jsonb)
                     FROM inventory.deployment_group_members m
                     WHERE m.tenant_name = e.tenant_name AND m.deployment_id = e.id)""")
            .derived(WORKFLOWS, WORKDIR)
            .hidden(WORKFLOWS, "e.workflows")
            .hidden("workdir", "e.workdir_sha256")
            .hidden("known_execution", "e.latest_execution_id")
            .hidden("known_status", "e.latest_execution_status")
            .hidden("known_installation", "e.installation_status")
            .hidden("known_below", "CASE WHEN e.sub_services_count + e.sub_environments_count > 0 THEN 'some' END")
            .owned("e")
            .counted("inventory", "deployments")
            .countedBy("inventory", "site_name", INSTALLATION, STATUS)
            .grouped("blueprint_id")
            .searchBy("_search", "e.id")
            .searchBy("_search_name", "e.display_name")
            .labelSort("""
                    SELECT min(l.value) FROM inventory.deployment_labels l
                    WHERE l.tenant_name = e.tenant_name AND l.deployment_id = e.id AND l.key = ?""")
            .sortBy("created_at")
            .build();

    private static final Summary SUMMARY = new Summary(
            "deployments",
            List.of(
                    "blueprint_id",
                    "tenant_name",
                    "visibility",
                    "site_name",
                    "deployment_status",
                    "installation_status"));

    private static final RuleSql RULES = new RuleSql(
            "inventory.deployment_labels",
            "deployment_id",
            Map.of(
                    "id", "e.id",
                    "blueprint_id", "e.blueprint_id",
                    "display_name", "e.display_name",
                    "site_name", "e.site_name",
                    "created_by", "e.created_by",
                    "tenant_name", "e.tenant_name",
                    "visibility", "e.visibility",
                    "installation_status", "e.installation_status",
                    "deployment_status", "e.deployment_status",
                    "description", "e.description"));

    /** What the product shows in place of workflows where it does not load them. */
    private static final ArrayNode NO_WORKFLOWS = JsonNodeFactory.instance.arrayNode();

    static {
        ObjectNode nothing = NO_WORKFLOWS.addObject();
        List.of("name", "plugin", "operation", "parameters", "is_cascading", "is_available", "availability_rules")
                .forEach(nothing::putNull);
    }

    private final Lister lister;
    private final SavedFilters filters;
    private final ContentLibrary library;
    private final LatestExecutions executions;
    private final StoredStatuses statuses;
    private final SubDeployments subDeployments;
    private final ScheduledDeployments scheduled;
    private final AvailableWorkflows workflows;

    PgDeployments(
            @DataSource("inventory") AgroalDataSource dataSource,
            SavedFilters filters,
            ContentLibrary library,
            LatestExecutions executions,
            StoredStatuses statuses,
            SubDeployments subDeployments,
            ScheduledDeployments scheduled,
            AvailableWorkflows workflows) {
        this.lister = new Lister(dataSource);
        this.filters = filters;
        this.library = library;
        this.executions = executions;
        this.statuses = statuses;
        this.subDeployments = subDeployments;
        this.scheduled = scheduled;
        this.workflows = workflows;
    }

    /** Evaluated for the rows of a page only; one index look-up each. */
    private static String instances(String condition) {
        return "(SELECT count(*) FROM inventory.node_instances i WHERE i.tenant_name = e.tenant_name"
                + " AND i.deployment_id = e.id AND " + condition + ")";
    }

    @Override
    public Listing list(ListRequest request, CallerIdentity caller) {
        return search(request, List.of(), Constraints.NONE, caller);
    }

    @Override
    public Listing search(ListRequest request, List<FilterRule> rules, Constraints names, CallerIdentity caller) {
        List<Condition> all = new ArrayList<>(chosen(request, rules, caller));
        all.addAll(List.of(ConstraintSql.on("e.display_name", names)));
        int unfiltered = unfiltered(request, caller).size();
        Listing listing = lister.listFiltered(
                ENTITY, unchosen(request), caller, all.subList(0, unfiltered), all.subList(unfiltered, all.size()));
        addWorkflows(listing.rows(), request.getData(), true);
        addLatestExecutions(listing.rows(), true);
        return listing;
    }

    @Override
    public Row get(String id, ListRequest request, Extent extent, CallerIdentity caller) {
        Row row = lister.get(ENTITY, id, request, caller);
        addWorkflows(List.of(row), true, extent.availability());
        addLatestExecutions(List.of(row), extent.allBelow());
        if (extent.workDirectory() && row.wants(WORKDIR)) {
            row.json()
                    .put(
                            WORKDIR,
                            row.hidden("workdir")
                                    .flatMap(library::find)
                                    .map(this::base64)
                                    .orElse(EMPTY_ZIP));
        }
        return row;
    }

    @Override
    public ObjectNode summary(ListRequest request, CallerIdentity caller) {
        return lister.summarize(
                SUMMARY,
                ENTITY,
                unchosen(request),
                caller,
                chosen(request, caller).toArray(Condition[]::new));
    }

    @Override
    public List<Condition> chosen(ListRequest request, CallerIdentity caller) {
        return chosen(request, List.of(), caller);
    }

    @Override
    public List<Condition> chosen(ListRequest request, List<FilterRule> rules, CallerIdentity caller) {
        List<FilterRule> saved = request.special("_filter_id")
                .map(id -> filters.rules(Filtered.DEPLOYMENTS, id, caller))
                .orElse(List.of());
        if (asksFor(LATEST, request)
                || Stream.concat(saved.stream(), rules.stream())
                        .anyMatch(rule -> !rule.label() && LATEST.contains(rule.key()))) {
            statuses.refresh();
        }
        if (asksFor(BELOW, request)) {
            subDeployments.store();
        }
        List<Condition> all = new ArrayList<>(unfiltered(request, caller));
        if (request.special("_filter_id").isPresent()) {
            all.add(condition(saved));
        }
        if (!rules.isEmpty()) {
            all.add(condition(rules));
        }
        return all;
    }

    private static boolean asksFor(List<String> fields, ListRequest request) {
        return Stream.of(
                        request.filters().keySet().stream(),
                        request.sort().stream().map(key -> key.replaceFirst("^[+-]", "")),
                        Stream.of("_target_field", "_sub_field").flatMap(name -> request.special(name).stream()))
                .flatMap(names -> names)
                .anyMatch(fields::contains);
    }

    /** Schedules are asked for where a rule is about them, and only then. */
    private Condition condition(List<FilterRule> rules) {
        List<FilterRule> others = rules.stream()
                .filter(rule -> rule.label() || !rule.key().equals(FilterRules.SCHEDULES))
                .toList();
        Condition condition = RULES.of(others);
        if (others.size() == rules.size()) {
            return condition;
        }
        List<String> tenants = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        scheduled.all().forEach(deployment -> {
            tenants.add(deployment.tenant());
            ids.add(deployment.id());
        });
        List<@Nullable Object> binds = new ArrayList<>(condition.binds());
        binds.add(tenants);
        binds.add(ids);
        return new Condition(
                condition.sql()
                        + " AND (e.tenant_name, e.id) IN (SELECT s.tenant, s.id FROM unnest(?::text[], ?::text[]) AS s(tenant, id))",
                binds);
    }

    @Override
    public Entity choice() {
        return ENTITY;
    }

    @Override
    public ListRequest unchosen(ListRequest request) {
        return request.withoutFilter(GROUP);
    }

    private static List<Condition> unfiltered(ListRequest request, CallerIdentity caller) {
        List<Condition> conditions = new ArrayList<>();
        List<String> groups = request.filters().get(GROUP);
        if (groups != null) {
            conditions.add(isIn(groups));
        }
        request.special("_group_id").ifPresent(group -> conditions.add(isIn(List.of(group))));
        if (request.special("_environments_only", false)) {
            conditions.add(Condition.of(SubDeployments.isEnvironment("e.tenant_name", "e.id")));
        }
        request.special("_dependencies_of").ifPresent(id -> conditions.add(neededBy(id, caller)));
        return conditions;
    }

    /** What a deployment that the caller sees needs, directly or over others, in whatever tenants these are. */
    private static Condition neededBy(String id, CallerIdentity caller) {
        return Condition.of("""
                (e.tenant_name, e.id) IN (
                    WITH RECURSIVE needed (tenant, id) AS (
                        SELECT %1$s, d.target_deployment_id
                        FROM (SELECT tenant_name, id FROM inventory.deployments %2$s) AS dependent
                        JOIN inventory.inter_deployment_dependencies d
                            ON d.tenant_name = dependent.tenant_name AND d.source_deployment_id = dependent.id
                        UNION
                        SELECT %1$s, d.target_deployment_id FROM needed n
                        JOIN inventory.inter_deployment_dependencies d
                            ON d.tenant_name = n.tenant AND d.source_deployment_id = n.id)
                    SELECT n.tenant, n.id FROM needed n)""".formatted(DependencyTarget.tenant("d"), Seen.ONE), Seen.of(id, caller));
    }

    private static Condition isIn(List<String> groups) {
        return Condition.of("""
                EXISTS (SELECT FROM inventory.deployment_group_members m WHERE m.tenant_name = e.tenant_name
                        AND m.deployment_id = e.id AND m.deployment_group_id = ANY (?))""", groups);
    }

    /** @param allBelow whether what is below those below a deployment is numbered, too */
    private void addLatestExecutions(List<Row> rows, boolean allBelow) {
        Map<LatestExecutions.Deployment, Row> wanting = new LinkedHashMap<>();
        for (Row row : rows) {
            if (LATEST.stream().anyMatch(row::wants) || BELOW.stream().anyMatch(row::wants)) {
                wanting.put(deployment(row), row);
            }
        }
        Map<LatestExecutions.Deployment, LatestExecutions.Latest> news = new LinkedHashMap<>();
        List<LatestExecutions.Deployment> asked = wanting.entrySet().stream()
                .filter(row -> LATEST.stream().anyMatch(row.getValue()::wants))
                .map(Map.Entry::getKey)
                .toList();
        executions.of(asked).forEach((deployment, latest) -> {
            Row row = wanting.get(deployment);
            if (row != null) {
                set(row, "latest_execution", TextNode.valueOf(latest.id()));
                set(row, "latest_execution_workflow_id", TextNode.valueOf(latest.workflowId()));
                set(row, "latest_execution_status", TextNode.valueOf(DeploymentStatus.shown(latest.status())));
                set(row, "latest_execution_total_operations", LongNode.valueOf(latest.totalOperations()));
                set(row, "latest_execution_finished_operations", LongNode.valueOf(latest.finishedOperations()));
                if (isNews(latest, row)) {
                    news.put(deployment, latest);
                }
            }
        });
        addStatuses(news, wanting, addBelow(wanting, allBelow));
    }

    private Map<LatestExecutions.Deployment, SubDeployments.Below> addBelow(
            Map<LatestExecutions.Deployment, Row> rows, boolean all) {
        List<LatestExecutions.Deployment> wanting = rows.entrySet().stream()
                .filter(row -> BELOW.stream().anyMatch(row.getValue()::wants))
                .map(Map.Entry::getKey)
                .toList();
        Map<LatestExecutions.Deployment, SubDeployments.Below> found = subDeployments.of(wanting, all);
        wanting.forEach(deployment -> {
            Row row = Objects.requireNonNull(rows.get(deployment), "they are of rows");
            SubDeployments.Below below = found.getOrDefault(deployment, SubDeployments.Below.NOTHING);
            set(row, "sub_services_count", LongNode.valueOf(below.services()));
            set(row, "sub_environments_count", LongNode.valueOf(below.environments()));
            set(row, "has_sub_deployments", BooleanNode.valueOf(below.services() + below.environments() > 0));
            set(row, "sub_services_status", text(below.servicesStatus()));
            set(row, "sub_environments_status", text(below.environmentsStatus()));
        });
        return found;
    }

    /** What is stored with the execution that is still the newest stands: it may come from another manager, which knew more. */
    private static boolean isNews(LatestExecutions.Latest latest, Row row) {
        return (row.wants(INSTALLATION) || row.wants(STATUS))
                && latest.isNews(
                        row.hidden("known_execution").orElse(null),
                        row.hidden("known_status").orElse(null));
    }

    private void addStatuses(
            Map<LatestExecutions.Deployment, LatestExecutions.Latest> news,
            Map<LatestExecutions.Deployment, Row> rows,
            Map<LatestExecutions.Deployment, SubDeployments.Below> below) {
        Set<LatestExecutions.Deployment> notStarted = statuses.notStarted(List.copyOf(news.keySet()));
        rows.forEach((deployment, row) -> {
            SubDeployments.Below others = below.getOrDefault(deployment, SubDeployments.Below.NOTHING);
            LatestExecutions.Latest latest = news.get(deployment);
            if (latest != null) {
                addStatus(row, latest.status(), !notStarted.contains(deployment), others);
            } else if (below.containsKey(deployment)
                    || row.hidden("known_below").isPresent()) {
                boolean allStarted = DeploymentStatus.ACTIVE.equals(
                        row.hidden("known_installation").orElse(null));
                row.hidden("known_status").ifPresent(status -> addStatus(row, status, allStarted, others));
            }
        });
    }

    private static void addStatus(Row row, String latestExecution, boolean allStarted, SubDeployments.Below below) {
        String installation = DeploymentStatus.installation(allStarted);
        DeploymentStatus status = DeploymentStatus.of(
                DeploymentStatus.shown(latestExecution),
                installation,
                Arrays.asList(below.servicesStatus(), below.environmentsStatus()));
        set(row, INSTALLATION, TextNode.valueOf(installation));
        set(row, STATUS, TextNode.valueOf(status.wireName()));
    }

    private static JsonNode text(@Nullable String value) {
        return value == null ? NullNode.getInstance() : TextNode.valueOf(value);
    }

    private static void set(Row row, String field, JsonNode value) {
        if (row.wants(field)) {
            row.json().set(field, value);
        }
    }

    private void addWorkflows(List<Row> rows, boolean loaded, boolean availability) {
        List<Row> wanting = rows.stream().filter(row -> row.wants(WORKFLOWS)).toList();
        if (!loaded) {
            wanting.forEach(row -> row.json().set(WORKFLOWS, NO_WORKFLOWS));
            return;
        }
        Map<LatestExecutions.Deployment, String> stored = new LinkedHashMap<>();
        wanting.forEach(row -> row.hidden(WORKFLOWS).ifPresent(list -> stored.put(deployment(row), list)));
        Map<LatestExecutions.Deployment, JsonNode> lists =
                availability ? workflows.now(stored) : workflows.withoutAvailability(stored);
        wanting.forEach(row -> row.json().set(WORKFLOWS, lists.getOrDefault(deployment(row), NullNode.getInstance())));
    }

    private static LatestExecutions.Deployment deployment(Row row) {
        return new LatestExecutions.Deployment(row.tenant(), row.id());
    }

    private String base64(ContentLibrary.Content content) {
        if (content.sizeBytes() > MAX_WORKDIR_BYTES) {
            throw new ManagerException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "the work directory has " + content.sizeBytes() + " bytes packed, at most " + MAX_WORKDIR_BYTES
                            + " are answered as " + WORKDIR,
                    "ask for GET /resources/deployments/TENANT/ID/?archive=true");
        }
        try (InputStream in = library.open(content)) {
            return Base64.getEncoder().encodeToString(in.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the work directory " + content.sha256(), e);
        }
    }
}
