package io.holdfast.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditEntryTest {

    private static final AuditEntry.Who WHO = new AuditEntry.Who("bob", "token", null);

    @ParameterizedTest
    @CsvSource({
        "PUT, config/rest.task_retries, update, config, rest.task_retries",
        "PUT, brokers/b1, update, brokers, b1",
        "PUT, blueprints/b, create, blueprints, b",
        "PUT, users, create, users,",
        "PATCH, deployments/d, update, deployments, d",
        "POST, executions, create, executions,",
        "POST, executions/e, update, executions, e",
        "POST, tenants/t1, create, tenants, t1",
        "POST, users/u, update, users, u",
        "PUT, resources/deployments/t/d/a/b.txt, update, deployments, d",
        "DELETE, resources/deployments/t/d/a.txt, update, deployments, d",
        "POST, deployments/inter-deployment-dependencies/restore, create, deployments,",
        "DELETE, tenants/users, delete, tenants,",
        "DELETE, audit, delete, audit_log,"
    })
    void theOperationSaysWhetherTheThingWasThereBefore(
            String method, String path, String operation, String refTable, String refId) {
        // when
        AuditEntry entry = AuditEntry.of(method, List.of(path.split("/")), "t", WHO, null, null)
                .orElseThrow();
        // then
        assertThat(entry.operation()).isEqualTo(operation);
        assertThat(entry.refTable()).isEqualTo(refTable);
        assertThat(entry.refId()).isEqualTo(refId);
    }
}
