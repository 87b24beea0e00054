package io.holdfast.gateway.authentication.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How strict and how forgetful authentication is. */
@ConfigMapping(prefix = "holdfast.gateway.authentication")
public interface AuthenticationConfig {

    /** How long a password that was found right is not checked again in full. A changed password counts at once, whatever this says. */
    @WithDefault("5m")
    Duration verifiedFor();

    /** How old {@code last_login_at} and a token's {@code last_used} may become before they are written again: not with every request. */
    @WithDefault("1m")
    Duration loginRecordedEvery();

    /**
     * How often it is looked at again whether those who follow a stream may still do so. It is ended when their token is gone or has expired,
     * or their rights are other ones. At least a second; a look costs what a request costs before it is forwarded.
     */
    @WithDefault("15s")
    Duration streamsCheckedEvery();
}
