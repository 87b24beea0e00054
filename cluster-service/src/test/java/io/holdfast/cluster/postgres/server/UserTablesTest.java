package io.holdfast.cluster.postgres.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.state.RowCounts;
import org.junit.jupiter.api.Test;

class UserTablesTest {

    /** The agent runs without the state's classes, so that it names these tables itself. */
    @Test
    void whatTriggersKeepIsNotSalvaged() {
        assertThat(UserTables.KEPT_BY_TRIGGERS).isEqualTo(RowCounts.TABLES);
    }
}
