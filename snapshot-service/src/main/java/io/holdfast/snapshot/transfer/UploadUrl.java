package io.holdfast.snapshot.transfer;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * A place to fetch an archive from. Only administrators reach this, and they may name hosts that only the manager sees: that is what it is
 * for. Texts: cloudify-api section 2.
 */
public record UploadUrl(URI uri) {

    /** @throws ManagerException {@code bad_parameters_error} for what is no http or https URL */
    public static UploadUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw invalid(text);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (scheme.equals("ftp")) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "Cannot fetch URL: " + text + ": ftp is not supported",
                    "offer the archive over http or https, or upload it as the request's body");
        }
        if (!scheme.equals("http") && !scheme.equals("https")
                || uri.getHost() == null
                || uri.getHost().isEmpty()) {
            throw invalid(text);
        }
        return new UploadUrl(uri);
    }

    private static ManagerException invalid(String text) {
        return new ManagerException(
                ErrorCode.BAD_PARAMETERS, "Invalid URL " + text, "expected is an absolute http or https URL");
    }
}
