package io.holdfast.scheduler.dispatch;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** The service without its loop and its sweep, so that a test decides when something is claimed. */
public class NoLoop implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("holdfast.scheduler.dispatch.enabled", "false");
    }
}
