package io.holdfast.inventory.files.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.files.Place;
import io.holdfast.inventory.files.app.WorkDirectories;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Locks by the deployment's name, not its row: who reports an execution's status must not wait for files. The row is kept from being
 * deleted.
 */
@Singleton
class PgWorkDirectories implements WorkDirectories {

    private static final String KEY = "hashtextextended('work directory ' || ? || ' ' || ?, 0)";

    private final Statements statements;

    PgWorkDirectories(@DataSource("inventory") AgroalDataSource dataSource) {
        this.statements = new Statements(dataSource);
    }

    @Override
    public Held forReading(Place deployment) {
        return held(deployment, "SELECT pg_advisory_xact_lock_shared(" + KEY + ")");
    }

    @Override
    public Held forChanging(Place deployment) {
        return held(deployment, "SELECT pg_advisory_xact_lock(" + KEY + ")");
    }

    private Held held(Place deployment, String lock) {
        statements.query(lock, row -> true, deployment.tenant(), deployment.id());
        return statements
                .query(
                        "SELECT workdir_sha256 FROM inventory.deployments WHERE tenant_name = ? AND id = ? FOR KEY SHARE",
                        row -> new Held(deployment, row.getString(1)),
                        deployment.tenant(),
                        deployment.id())
                .stream()
                .findFirst()
                .orElseThrow(() -> Refusals.notFound("Deployment", deployment.id()));
    }

    @Override
    public void replace(Held former, @Nullable String sha256) {
        Place deployment = former.place();
        int changed = statements.update(
                "UPDATE inventory.deployments SET workdir_sha256 = ? WHERE tenant_name = ? AND id = ?"
                        + " AND workdir_sha256 IS NOT DISTINCT FROM ?::text",
                sha256,
                deployment.tenant(),
                deployment.id(),
                former.sha256());
        if (changed != 1) {
            throw new IllegalStateException("the work directory of deployment " + deployment.id()
                    + " was changed by somebody who does not ask for it here");
        }
    }
}
