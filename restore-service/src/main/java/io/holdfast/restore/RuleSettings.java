package io.holdfast.restore;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the restore rule. */
@ConfigMapping(prefix = "holdfast.restore.rule")
public interface RuleSettings {

    /** The longest grace that makes sense: nobody wants yesterday's executions to run. */
    Duration LONGEST_GRACE = Duration.ofDays(1);

    /**
     * How long after its time a scheduled execution is not overdue yet: it then stays scheduled, and the scheduler starts it late or
     * not, as its own rule for late ones says. 0 to 24 h. The default is the product's whose API we serve.
     */
    @WithDefault("0s")
    Duration overdueGrace();
}
