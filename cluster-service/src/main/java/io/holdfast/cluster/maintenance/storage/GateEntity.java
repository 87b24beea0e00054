package io.holdfast.cluster.maintenance.storage;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The one row of {@code cluster_control.gate}; V1__gate.sql says what the columns mean. */
@Entity
@Table(schema = "cluster_control", name = "gate")
class GateEntity extends PanacheEntityBase {

    /** Key of the one row. */
    static final Short ONLY = 1;

    @Id
    Short id = ONLY;

    String status = "deactivated";

    @Nullable
    String reason;

    @Column(name = "requested_by")
    @Nullable
    String requestedBy;

    @Column(name = "activation_requested_at")
    @Nullable
    Instant activationRequestedAt;

    @Column(name = "activated_at")
    @Nullable
    Instant activatedAt;

    @Column(name = "operator_status")
    String operatorStatus = "deactivated";

    @Column(name = "operator_name")
    @Nullable
    String operatorName;

    @Column(name = "operator_requested_at")
    @Nullable
    Instant operatorRequestedAt;

    @Column(name = "operator_activated_at")
    @Nullable
    Instant operatorActivatedAt;

    @Column(name = "hold_reason")
    @Nullable
    String holdReason;

    @Column(name = "hold_requested_by")
    @Nullable
    String holdRequestedBy;

    @Column(name = "held_since")
    @Nullable
    Instant heldSince;
}
