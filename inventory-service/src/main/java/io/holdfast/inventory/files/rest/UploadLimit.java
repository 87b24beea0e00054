package io.holdfast.inventory.files.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.files.app.WorkDirectoryConfig;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Priorities;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Refuses an upload by what it says of its size, before the disk has to take it. */
@ApplicationScoped
public class UploadLimit {

    /** What a form has beside its file. */
    private static final long FORM_BYTES = 64 * 1024;

    private final long maxBytes;

    public UploadLimit(WorkDirectoryConfig config) {
        this.maxBytes = config.maxSize().asLongValue();
    }

    @ServerRequestFilter(preMatching = true, priority = Priorities.AUTHENTICATION + 1)
    public void check(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        if (length != null
                && request.path().startsWith("/internal/inventory/resources/")
                && length.matches("\\d{1,18}")
                && Long.parseLong(length) > maxBytes + FORM_BYTES) {
            throw refusal(maxBytes);
        }
    }

    static ManagerException refusal(long maxBytes) {
        return new ManagerException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "the upload has more than " + maxBytes + " bytes",
                "leave out what is not needed, or raise holdfast.inventory.work-directories.max-size");
    }
}
