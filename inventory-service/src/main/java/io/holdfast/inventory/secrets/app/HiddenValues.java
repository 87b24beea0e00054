package io.holdfast.inventory.secrets.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.resources.Owned;

/** Who sees and changes hidden values: administrators, managers of the secret's tenant, and its creator. */
public final class HiddenValues {

    private HiddenValues() {}

    public static boolean permitted(Owned secret, CallerIdentity caller) {
        boolean manager = secret.tenant().equals(caller.tenant()) && caller.seesPrivate();
        return caller.admin() || manager || caller.username().equals(secret.createdBy());
    }
}
