package io.holdfast.inventory.content.app;

import io.holdfast.http.CallerIdentity;
import java.io.IOException;
import java.nio.file.Path;

/** Fetches archives by their URLs. */
public interface RemoteFiles {

    /**
     * @param caller on whose behalf: administrators may name hosts that only the manager sees, others no {@link LocalAddresses}
     * @throws io.holdfast.contracts.errors.ManagerException {@code bad_parameters_error} for what is no URL of http or https, is not
     *     allowed or does not answer, {@code param_url_not_found_error} for an answer of 400 and more
     */
    void fetch(String url, Path into, CallerIdentity caller) throws IOException;
}
