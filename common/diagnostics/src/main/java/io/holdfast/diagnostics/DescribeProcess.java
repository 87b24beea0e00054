package io.holdfast.diagnostics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.diagnostics.ProcessReport.Missing;
import io.holdfast.diagnostics.ProcessReport.Part;
import io.holdfast.messaging.ServiceSchema;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Gathers what this process has to tell. */
@ApplicationScoped
public class DescribeProcess {

    private final String process = UUID.randomUUID().toString();
    private final Settings settings;
    private final RecentLog log;
    private final ObjectMapper json;
    private final String application;
    private final Optional<String> node;
    private final Optional<Path> data;

    DescribeProcess(
            Settings settings,
            RecentLog log,
            ObjectMapper json,
            @ConfigProperty(name = "quarkus.application.name", defaultValue = "service") String application,
            @ConfigProperty(name = "holdfast.cluster.node") Optional<String> node,
            @ConfigProperty(name = "holdfast.data") Optional<Path> data) {
        this.settings = settings;
        this.log = log;
        this.json = json;
        this.application = application;
        this.node = node;
        this.data = data;
    }

    /**
     * @param service what is asked for; empty where it has no control schema
     * @param known processes that the caller has the parts of; null if it has none
     */
    public ProcessReport describe(Optional<ServiceSchema> service, @Nullable List<String> known) {
        Redactor redactor = settings.redactor();
        List<Missing> missing = new ArrayList<>();
        Part own = service.map(schema -> part(
                        redactor,
                        schema.name() + ".json",
                        "what the " + schema.name() + "-service has in its control schema",
                        ControlFacts.of(schema, missing)))
                .orElse(null);
        List<Part> parts = known != null && known.contains(process) ? List.of() : parts(redactor, missing);
        List<Missing> told = missing.stream()
                .map(one -> new Missing(one.what(), redactor.text(one.why()).text()))
                .toList();
        return new ProcessReport(process, application, node.orElseGet(DescribeProcess::host), own, parts, told);
    }

    private List<Part> parts(Redactor redactor, List<Missing> missing) {
        List<Part> parts = new ArrayList<>();
        for (RecentLog.Log one : log.read(missing)) {
            parts.add(part(redactor, one.name(), "the end of the log", one.text()));
        }
        parts.add(part(redactor, "threads.txt", "stacks of all threads", Jvm.threads()));
        ObjectNode runtime = Jvm.runtime();
        ArrayNode disks = runtime.putArray("disks");
        for (Path directory :
                List.of(data.orElse(Path.of("")).toAbsolutePath(), Path.of(System.getProperty("java.io.tmpdir")))) {
            try {
                disks.add(Jvm.disk(directory));
            } catch (IOException e) {
                missing.add(new Missing("free space of " + directory, e.toString()));
            }
        }
        parts.add(part(redactor, "runtime.json", "JVM, memory, collections, free disk", runtime));
        parts.add(part(redactor, "settings.json", "the settings that the process runs with", settings.all()));
        return parts;
    }

    private static Part part(Redactor redactor, String name, String about, String text) {
        Redactor.Redacted redacted = redactor.text(text);
        return new Part(name, about, redacted.removed(), redacted.text());
    }

    private Part part(Redactor redactor, String name, String about, ObjectNode content) {
        // Values that are no JSON yet (numbers and times of the database) become it.
        ObjectNode plain = json.convertValue(content, ObjectNode.class);
        int removed = redactor.json(plain);
        try {
            return new Part(
                    name, about, removed, json.writerWithDefaultPrettyPrinter().writeValueAsString(plain) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }
}
