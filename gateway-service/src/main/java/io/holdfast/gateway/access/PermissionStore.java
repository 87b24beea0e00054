package io.holdfast.gateway.access;

/** Where the permission table comes from. */
public interface PermissionStore {

    /** The present table, at most about a second old: a restore may exchange it at any time. */
    Permissions current();

    /** Says that the table was changed, so that this gateway sees it at once; others see it within a second. */
    void changed();
}
