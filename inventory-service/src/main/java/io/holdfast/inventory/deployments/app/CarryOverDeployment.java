package io.holdfast.inventory.deployments.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.deployments.DeploymentStatus;
import io.holdfast.inventory.labels.CarriedLabel;
import io.holdfast.inventory.labels.Label;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes a deployment over as it was on another manager: nothing is made of its blueprint, and no execution tells of its creation. Its
 * nodes, node instances and executions follow by requests of their own. Source: the Cloudify REST API v3.1.
 */
@ApplicationScoped
public class CarryOverDeployment {

    /**
     * @param made as {@link DeploymentRecords.Carried} has it
     * @param installationStatus null: {@code inactive}; the same for {@code deploymentStatus}: {@code requires_attention}
     * @param workDirectory a zip; null: it is empty
     */
    public record Parts(
            Map<String, @Nullable Object> made,
            @Nullable String installationStatus,
            @Nullable String deploymentStatus,
            List<CarriedLabel> labels,
            @Nullable Path workDirectory) {}

    private final CreateDeployment create;
    private final DeploymentRecords records;
    private final ContentLibrary content;
    private final Clock clock;

    CarryOverDeployment(CreateDeployment create, DeploymentRecords records, ContentLibrary content, Clock clock) {
        this.create = create;
        this.records = records;
        this.content = content;
        this.clock = clock;
    }

    /**
     * @param request without labels and inputs, which are parts
     * @throws ManagerException as {@link CreateDeployment#create}; {@code storage_error} for statuses that there are not
     */
    public void carryOver(CreateDeployment.Request request, Parts parts, CallerIdentity caller) {
        String installation =
                parts.installationStatus() == null ? DeploymentStatus.INACTIVE : parts.installationStatus();
        if (!List.of(DeploymentStatus.ACTIVE, DeploymentStatus.INACTIVE).contains(installation)) {
            throw noStatus("installation_status", installation);
        }
        String status = parts.deploymentStatus() == null
                ? DeploymentStatus.REQUIRES_ATTENTION.wireName()
                : parts.deploymentStatus();
        if (DeploymentStatus.named(status).isEmpty()) {
            throw noStatus("deployment_status", status);
        }
        QuarkusTransaction.requiringNew().run(() -> create.removeFailed(request.id(), caller));
        CreateDeployment.Basis basis = create.basis(request, caller);
        requireNoCircle(basis.tenant(), request.id(), parts.labels());
        String name = request.displayName();
        Instant createdAt = request.createdAt();
        String createdBy = request.createdBy();
        Path directory = parts.workDirectory();
        QuarkusTransaction.requiringNew()
                .run(() -> records.addCarried(new DeploymentRecords.Carried(
                        basis.tenant(),
                        request.id(),
                        request.blueprintId(),
                        name == null || name.isBlank() ? request.id() : CreateDeployment.checkedName(name),
                        basis.visibility(),
                        request.siteName(),
                        request.atRunTimeOnly(),
                        parts.made(),
                        installation,
                        status,
                        parts.labels(),
                        directory == null ? null : content.store(directory).sha256(),
                        createdBy == null ? caller.username() : createdBy,
                        createdAt == null ? clock.instant() : createdAt)));
    }

    /** Parents need not be there: they may be taken over later. */
    private void requireNoCircle(String tenant, String id, List<CarriedLabel> labels) {
        ChangeDeployment.requireNoCircle(
                tenant,
                id,
                Label.parents(labels.stream().map(CarriedLabel::label).toList()),
                records);
    }

    private static ManagerException noStatus(String field, String status) {
        return new ManagerException(ErrorCode.STORAGE, field + " `" + status + "` is none that there is", null);
    }
}
