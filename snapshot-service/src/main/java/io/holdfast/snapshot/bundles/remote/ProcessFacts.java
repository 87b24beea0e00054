package io.holdfast.snapshot.bundles.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.diagnostics.ProcessReport;
import io.holdfast.http.InternalHttp;
import io.holdfast.role.ClusterConfig;
import io.holdfast.role.NodeRole;
import io.holdfast.snapshot.bundles.BundleContents;
import io.holdfast.snapshot.bundles.BundleSource;
import io.holdfast.snapshot.copies.app.NodesHeard;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What each process tells of itself: those of this manager's services, and those of the cluster's other nodes. */
@ApplicationScoped
class ProcessFacts implements BundleSource {

    private static final List<String> SERVICES =
            List.of("gateway", "inventory", "scheduler", "snapshot", "restore", "cluster", "workflow");

    /** Reading the end of a long log takes a moment. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final InternalHttp http;
    private final NodesHeard nodes;
    private final NodeRole role;
    private final ClusterConfig config;

    ProcessFacts(InternalHttp http, NodesHeard nodes, NodeRole role, ClusterConfig config) {
        this.http = http;
        this.nodes = nodes;
        this.role = role;
        this.config = config;
    }

    @Override
    public int order() {
        return 30;
    }

    @Override
    public void gather(BundleContents contents) throws IOException {
        Set<String> known = new HashSet<>();
        for (String service : SERVICES) {
            String what = "the " + service + "-service";
            ask(contents, http.to(service), what, known, true);
        }
        Map<String, URI> others = nodes.others();
        for (Map.Entry<String, URI> node : others.entrySet()) {
            // All services of a node are one process.
            ask(contents, http.at(node.getValue(), SERVICES.get(0)), "node " + node.getKey(), known, false);
        }
        if (role.isClustered()) {
            tellSilent(contents, others.keySet());
        }
    }

    /** Whose manager is down has nothing to tell, and is to be looked at in its own directory. */
    private void tellSilent(BundleContents contents, Set<String> heard) {
        try {
            JsonNode view = http.to("cluster").timeout(PATIENCE).get("/status", JsonNode.class);
            for (JsonNode node : view.path("nodes")) {
                String name = node.path("name").asText();
                boolean other = !name.equals(config.node().orElse(""));
                if (other && !heard.contains(name) && node.path("kind").asText().equals("DATA")) {
                    contents.missing(
                            "node " + name, "its manager has not been heard of for a minute; see that node's logs");
                }
            }
        } catch (ManagerException e) {
            contents.missing("which other nodes there are", e.detail());
        }
    }

    private void ask(
            BundleContents contents, InternalHttp.Service service, String what, Set<String> known, boolean withService)
            throws IOException {
        if (contents.isLate()) {
            contents.missing("what " + what + " tells", "there was no time left");
            return;
        }
        ProcessReport report;
        try {
            String query = known.stream().map(process -> "known=" + process).collect(Collectors.joining("&", "?", ""));
            report = service.common("diagnostics").timeout(PATIENCE).get(query, ProcessReport.class);
        } catch (ManagerException e) {
            contents.missing("what " + what + " tells", e.detail());
            return;
        }
        known.add(report.process());
        String folder = "nodes/" + segment(report.node()) + "/" + segment(report.application()) + "/";
        for (ProcessReport.Part part : report.parts()) {
            contents.text(folder + segment(part.name()), part.about(), part.removed(), part.text());
        }
        ProcessReport.Part own = report.service();
        if (withService && own != null) {
            contents.text("services/" + segment(own.name()), own.about(), own.removed(), own.text());
        }
        report.missing().forEach(one -> contents.missing(one.what() + " (of " + what + ")", one.why()));
    }

    /** Names come from other processes: none of them may leave the folder. */
    private static String segment(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9._-]", "_");
        return plain.startsWith(".") ? "_" + plain : plain;
    }
}
