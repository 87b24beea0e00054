package io.holdfast.scheduler.directory.storage;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.InternalHttp;
import io.holdfast.scheduler.directory.app.Directory;
import jakarta.inject.Singleton;

/** Asks as a service: whether there is a user does not depend on who wants to know. */
@Singleton
class GatewayDirectory implements Directory {

    private final InternalHttp http;

    GatewayDirectory(InternalHttp http) {
        this.http = http;
    }

    @Override
    public boolean hasUser(String name) {
        if (name.isEmpty()) {
            return false;
        }
        try {
            return http.to("gateway").has("/users/" + InternalHttp.segment(name));
        } catch (ManagerException e) {
            // A name that no user may have is refused as such.
            if (e.code() == ErrorCode.BAD_PARAMETERS) {
                return false;
            }
            throw e;
        }
    }
}
