package io.holdfast.restore.cloudify.app;

import io.holdfast.archive.ArchiveInspector;
import io.holdfast.archive.ArchiveLayout;
import io.holdfast.archive.SafeZip;
import io.holdfast.archive.cloudify.CloudifyArchive;
import io.holdfast.restore.cloudify.Import;
import io.holdfast.restore.cloudify.KeptAccess;
import io.holdfast.restore.loading.ArchiveSummary;
import io.holdfast.restore.loading.LoadOptions;
import io.holdfast.restore.loading.LoadReport;
import io.holdfast.restore.loading.Progress;
import io.holdfast.restore.loading.StagingTarget;
import io.holdfast.restore.loading.StateLoader;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Loads snapshots of Cloudify managers; refuses those whose layout is known but cannot be read. */
@ApplicationScoped
public class CloudifyStateLoader implements StateLoader {

    private static final String PRODUCT = "cloudify";

    private final KeptAccess.Source kept;

    public CloudifyStateLoader(KeptAccess.Source kept) {
        this.kept = kept;
    }

    @Override
    public Optional<ArchiveSummary> inspect(Path archive) {
        SafeZip zip = SafeZip.open(archive);
        ArchiveLayout layout = layout(zip);
        if (layout == ArchiveLayout.NATIVE || layout == ArchiveLayout.UNKNOWN) {
            zip.close();
            return Optional.empty();
        }
        try (CloudifyArchive cloudify = CloudifyArchive.open(zip)) {
            return Optional.of(new ArchiveSummary(
                    cloudify.layout() == ArchiveLayout.CLOUDIFY_N1 ? "cloudify-n1" : "cloudify-n0",
                    PRODUCT,
                    cloudify.snapshotVersion(),
                    null,
                    null,
                    null,
                    List.copyOf(cloudify.tenants()),
                    cloudify.bytes()));
        }
    }

    @Override
    public LoadReport load(Path archive, StagingTarget target, LoadOptions options, Progress progress) {
        try (CloudifyArchive cloudify = CloudifyArchive.open(archive)) {
            return Import.run(cloudify, target, options, kept.read(target), progress);
        }
    }

    private static ArchiveLayout layout(SafeZip zip) {
        try {
            return ArchiveInspector.layout(zip);
        } catch (RuntimeException e) {
            zip.close();
            throw e;
        }
    }
}
