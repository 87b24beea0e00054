package io.holdfast.inventory.blueprints.app;

import io.holdfast.role.OnlyActive;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/** Goes on with uploads whose service stopped in their midst. */
@ApplicationScoped
public class ResumeUploads {

    private static final Logger LOG = Logger.getLogger(ResumeUploads.class);

    /** Longer than an upload may take, the download of an archive included. */
    static final Duration SILENCE = Duration.ofMinutes(20);

    private final BlueprintRecords records;
    private final UploadBlueprint upload;

    ResumeUploads(BlueprintRecords records, UploadBlueprint upload) {
        this.records = records;
        this.upload = upload;
    }

    @Scheduled(
            identity = "inventory-resume-uploads",
            every = "5m",
            delayed = "1m",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = OnlyActive.class)
    void resume() {
        resumeAfter(SILENCE);
    }

    /** @return how many there were */
    public int resumeAfter(Duration silence) {
        List<BlueprintRecords.Stored> abandoned =
                QuarkusTransaction.requiringNew().call(() -> records.takeAbandoned(silence));
        for (BlueprintRecords.Stored blueprint : abandoned) {
            LOG.infof("Going on with the upload of blueprint %s in tenant %s", blueprint.id(), blueprint.tenant());
            try {
                upload.resume(blueprint);
            } catch (RuntimeException e) {
                LOG.warnf("The upload of blueprint %s failed: %s", blueprint.id(), e.getMessage());
            }
        }
        return abandoned.size();
    }
}
