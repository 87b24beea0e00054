package io.holdfast.snapshot.bundles.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.InternalHttp;
import io.holdfast.snapshot.bundles.BundleContents;
import io.holdfast.snapshot.bundles.BundleSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the manager's services say of the whole: version, status, cluster, settings that are kept, what there is to run. */
@ApplicationScoped
class ManagerFacts implements BundleSource {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private record Question(String name, String service, String path) {}

    private record File(String path, String about, List<Question> questions) {}

    private static final List<File> FILES = List.of(
            new File(
                    "manager.json",
                    "version, licence, status of services and nodes, maintenance mode",
                    List.of(
                            new Question("version", "gateway", "/version"),
                            new Question("status", "gateway", "/status"),
                            new Question("cluster_status", "gateway", "/cluster-status"),
                            new Question("cluster", "cluster", "/status"),
                            new Question("maintenance", "cluster", "/maintenance"),
                            new Question("restores", "restore", "/running"))),
            new File(
                    "config.json",
                    "the settings that are kept in the database",
                    List.of(new Question("config", "gateway", "/config"))),
            new File(
                    "work.json",
                    "executions by status and workflow, schedules by workflow and tenant; of all tenants",
                    List.of(
                            new Question(
                                    "executions_by_status",
                                    "scheduler",
                                    "/summary/executions?_target_field=status&_sub_field=workflow_id&_all_tenants=true&_include_system_workflows=true"),
                            new Question(
                                    "schedules_by_workflow",
                                    "scheduler",
                                    "/summary/execution_schedules?_target_field=workflow_id&_sub_field=tenant_name&_all_tenants=true"))));

    private final InternalHttp http;

    ManagerFacts(InternalHttp http) {
        this.http = http;
    }

    @Override
    public int order() {
        return 10;
    }

    @Override
    public void gather(BundleContents contents) throws IOException {
        for (File file : FILES) {
            Map<String, @Nullable Object> answers = new LinkedHashMap<>();
            for (Question question : file.questions()) {
                String what = question.name() + " (of the " + question.service() + "-service)";
                if (contents.isLate()) {
                    contents.missing(what, "there was no time left");
                    continue;
                }
                try {
                    answers.put(
                            question.name(),
                            http.to(question.service()).timeout(PATIENCE).get(question.path(), JsonNode.class));
                } catch (ManagerException e) {
                    contents.missing(what, e.detail());
                }
            }
            if (!answers.isEmpty()) {
                contents.json(file.path(), file.about(), answers);
            }
        }
    }
}
