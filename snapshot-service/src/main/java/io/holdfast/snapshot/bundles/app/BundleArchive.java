package io.holdfast.snapshot.bundles.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.diagnostics.Redactor;
import io.holdfast.snapshot.bundles.BundleContents;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes a bundle: its parts, redacted, and at the end the index of them. On one thread. */
final class BundleArchive implements BundleContents, Closeable {

    private static final String INDEX = "index.json";
    private static final String README = "README.txt";

    private final ZipOutputStream zip;
    private final Redactor redactor;
    private final ObjectMapper json;
    private final BooleanSupplier late;
    private final ObjectNode index;
    private final ArrayNode parts;
    private final ArrayNode missing;
    private final Set<String> paths = new HashSet<>(Set.of(INDEX, README));
    private long removed;

    /** @param head what the index says of the bundle as a whole */
    BundleArchive(Path file, Redactor redactor, ObjectMapper json, BooleanSupplier late, ObjectNode head)
            throws IOException {
        this.zip = new ZipOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        this.redactor = redactor;
        this.json = json;
        this.late = late;
        this.index = head;
        this.parts = json.createArrayNode();
        this.missing = json.createArrayNode();
    }

    @Override
    public void text(String path, String about, int alreadyRemoved, String text) throws IOException {
        if (path.endsWith(".json")) {
            // Text by text: a rule for text would leave what is no JSON.
            JsonNode content = json.readTree(text);
            add(path, about, alreadyRemoved + redactor.json(content), pretty(content));
        } else {
            Redactor.Redacted redacted = redactor.text(text);
            add(path, about, alreadyRemoved + redacted.removed(), redacted.text());
        }
    }

    @Override
    public void json(String path, String about, Map<String, @Nullable Object> content) throws IOException {
        JsonNode tree = json.valueToTree(content);
        add(path, about, redactor.json(tree), pretty(tree));
    }

    @Override
    public void missing(String what, String why) {
        missing.addObject().put("what", what).put("why", redactor.text(why).text());
    }

    @Override
    public boolean isLate() {
        return late.getAsBoolean();
    }

    /** Writes the index and ends the archive. */
    void finish() throws IOException {
        index.putObject("redacted")
                .put("places", removed)
                .put("mark", Redactor.MARK)
                .put(
                        "rule",
                        "values of settings, variables and fields that are named like a secret; the same values wherever else they"
                                + " stand; users and passwords in URLs; tokens, password hashes, private keys, authorization headers;"
                                + " values in SQL statements");
        index.set("parts", parts);
        index.set("missing", missing);
        entry(INDEX, pretty(index));
        entry(README, readme());
        zip.finish();
    }

    private String readme() {
        StringBuilder text = new StringBuilder();
        text.append("Log bundle ").append(index.path("id").asText());
        text.append(" of a Holdfast manager, version ")
                .append(index.path("version").asText());
        text.append(", created at ").append(index.path("created_at").asText()).append(".\n\n");
        text.append("What looked like a secret was replaced by ")
                .append(Redactor.MARK)
                .append(" in ");
        text.append(removed)
                .append(" places. Names of users, tenants, deployments and hosts are in it: look it through");
        text.append(" before you give it to others.\n\nIn it (index.json says the same for programs):\n\n");
        parts.forEach(part -> text.append("  ")
                .append(part.path("path").asText())
                .append(" - ")
                .append(part.path("about").asText())
                .append('\n'));
        text.append(missing.isEmpty() ? "\nNothing is missing.\n" : "\nNot in it:\n\n");
        missing.forEach(one -> text.append("  ")
                .append(one.path("what").asText())
                .append(": ")
                .append(one.path("why").asText())
                .append('\n'));
        return text.toString();
    }

    private void add(String path, String about, int redacted, String text) throws IOException {
        String free = path;
        for (int number = 2; !paths.add(free); number++) {
            int dot = path.lastIndexOf('.');
            free = path.substring(0, dot) + "-" + number + path.substring(dot);
        }
        removed += redacted;
        long bytes = entry(free, text);
        parts.addObject()
                .put("path", free)
                .put("about", about)
                .put("bytes", bytes)
                .put("redacted", redacted);
    }

    private long entry(String path, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        zip.putNextEntry(new ZipEntry(path));
        zip.write(bytes);
        zip.closeEntry();
        return bytes.length;
    }

    private String pretty(JsonNode tree) {
        try {
            return json.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
