package io.holdfast.scheduler.limits;

/** The tenants of the manager. */
public interface Tenants {

    boolean exists(String tenantName);
}
