package io.holdfast.snapshot.bundles.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.diagnostics.Settings;
import io.holdfast.http.ApiTime;
import io.holdfast.snapshot.bundles.BundleSource;
import io.holdfast.snapshot.bundles.LogBundle;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Asks everything that has something to tell, and writes what it says into an archive. A source that fails is missing, not the whole. */
@ApplicationScoped
public class GatherBundle {

    private static final Logger LOG = Logger.getLogger(GatherBundle.class);

    private final List<BundleSource> sources;
    private final Settings settings;
    private final ObjectMapper json;
    private final Clock clock;
    private final String version;

    GatherBundle(
            @All List<BundleSource> sources,
            Settings settings,
            ObjectMapper json,
            Clock clock,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String version) {
        this.sources = sources.stream()
                .sorted(Comparator.comparingInt(BundleSource::order))
                .toList();
        this.settings = settings;
        this.json = json;
        this.clock = clock;
        this.version = version;
    }

    /**
     * @param file must not exist; left half-written when this throws
     * @param within after which nothing more is asked
     * @return bytes of the archive
     */
    public long into(Path file, LogBundle bundle, Duration within) throws IOException {
        Instant end = clock.instant().plus(within);
        ObjectNode head = json.createObjectNode()
                .put("format", 1)
                .put("id", bundle.id())
                .put("tenant_name", bundle.tenantName())
                .put("created_at", ApiTime.format(bundle.createdAt()))
                .put("created_by", bundle.createdBy())
                .put("version", version);
        try (BundleArchive archive = new BundleArchive(
                file, settings.redactor(), json, () -> clock.instant().isAfter(end), head)) {
            for (BundleSource source : sources) {
                try {
                    source.gather(archive);
                } catch (RuntimeException e) {
                    LOG.warnf(e, "A part of log bundle %s could not be gathered", bundle.id());
                    archive.missing("a part that the log of the snapshot-service names", e.toString());
                }
            }
            archive.finish();
        }
        return Files.size(file);
    }
}
