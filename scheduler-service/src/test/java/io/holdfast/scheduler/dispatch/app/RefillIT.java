package io.holdfast.scheduler.dispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.dispatch.NoLoop;
import io.holdfast.scheduler.dispatch.Rows;
import io.holdfast.scheduler.executions.app.ReleaseQueued;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the loop is woken that releases what waits for its tenant's next start. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
@TestProfile(NoLoop.class)
class RefillIT {

    @Inject
    ReleaseQueued queue;

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    private Rows rows;

    @BeforeEach
    void clear() {
        rows = new Rows(dataSource);
        rows.clear();
    }

    @Test
    void refilledBucketWakesUntilTheQueuedExecutionHasItsStart() {
        // given: one start a minute, two queued executions
        rows.run("INSERT INTO scheduler.tenant_limits (tenant_name, starts_per_minute, burst) VALUES ('t', 1, 1)");
        rows.due("t", "e", 2, "", "");
        rows.run("UPDATE scheduler.executions SET status = 'queued'");
        // when
        assertThat(queue.release()).isEqualTo(1);
        // then: nothing to do while the bucket is empty
        assertThat(isRefilled()).isFalse();
        assertThat(queue.release()).isZero();
        // and when the minute is over
        rows.run("UPDATE scheduler_control.tenant_starts SET counted_at = counted_at - interval '61 s',"
                + " empty_until = empty_until - interval '61 s'");
        assertThat(isRefilled()).isTrue();
        assertThat(queue.release()).isEqualTo(1);
        assertThat(rows.ids("queued")).isEmpty();
        assertThat(isRefilled()).isFalse();
    }

    private boolean isRefilled() {
        return rows.text("SELECT " + RefillLoop.REFILLED).equals("t");
    }
}
