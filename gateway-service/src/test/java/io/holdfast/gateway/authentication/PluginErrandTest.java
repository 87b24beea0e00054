package io.holdfast.gateway.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What plugins a worker's errand is about. */
class PluginErrandTest {

    @Test
    void concernsItsPluginOnlyOrAll() {
        PluginErrand ofPlugin = new PluginErrand("t1", "p-1", null);
        assertThat(ofPlugin.concerns("p-1")).isTrue();
        assertThat(ofPlugin.concerns("p-2")).isFalse();
        assertThat(new PluginErrand("t1", null, "e-1").concerns("p-2")).isTrue();
    }
}
