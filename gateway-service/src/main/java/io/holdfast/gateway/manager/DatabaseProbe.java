package io.holdfast.gateway.manager;

/** Whether the database answers. */
public interface DatabaseProbe {

    boolean answers();
}
