package io.holdfast.gateway.requests.app;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What external producers may do. */
@ConfigMapping(prefix = "holdfast.gateway.requests")
public interface RequestsConfig {

    /** The largest body of a request. Looked at before anything else of it is. */
    @WithDefault("128K")
    MemorySize maxBody();

    /** How long a request is known, so that the same one again changes nothing. Longer than any producer tries one. */
    @WithDefault("P30D")
    Duration retention();

    /** How long an owning service may take for one request; the requests behind it wait as long. */
    @WithDefault("10s")
    Duration callTimeout();

    /** How long after it was due an execution is followed, ended or not, for a producer that asked to hear of its end. */
    @WithDefault("P7D")
    Duration followFor();

    /** Executions that a producer may follow at once. */
    @WithDefault("1000")
    int mostFollowed();
}
