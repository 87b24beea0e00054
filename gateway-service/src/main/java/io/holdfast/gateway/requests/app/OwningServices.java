package io.holdfast.gateway.requests.app;

import io.holdfast.gateway.requests.Call;
import io.holdfast.http.CallerIdentity;
import java.util.Map;

/** The services that own what requests are about, asked as the gateway asks them for HTTP requests. */
public interface OwningServices {

    /**
     * @param internalPath where the service has it, with its prefix, encoded
     * @return the answer's body; empty where there is none
     * @throws io.holdfast.contracts.errors.ManagerException as the service refuses; {@code service_unavailable_error} if it is not
     *     known what became of the call
     */
    Map<String, Object> ask(CallerIdentity caller, String service, Call call, String internalPath);
}
