package io.holdfast.inventory.deployments.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DependentTest {

    @Test
    void eachIsToldWithWhatItUses() {
        assertThat(Dependent.list(List.of(
                        Dependent.user("a", "component.vm.x", null),
                        Dependent.user("b", "sharedresource.net", null),
                        Dependent.user("c", "nodes.web.properties.p", null),
                        Dependent.user(null, "x", "{\"host\": \"h\"}"),
                        Dependent.child("d", "base"))))
                .isEqualTo("  [1] Deployment `a` contains the current deployment in its node `vm`\n"
                        + "  [2] Deployment `b` uses a shared resource from the current deployment in its node `net`\n"
                        + "  [3] Deployment `c` uses capabilities of the current deployment in its node `web`\n"
                        + "  [4] Deployment `EXTERNAL:{\"host\": \"h\"}` uses capabilities of the current deployment in its"
                        + " node `<unknown node>`\n"
                        + "  [5] Deployment `base` is the parent of deployment d");
        assertThat(Dependent.list(List.of())).isEmpty();
    }
}
