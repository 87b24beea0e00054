package io.holdfast.inventory.tenants.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.resources.storage.Statements;
import io.holdfast.inventory.tenants.app.TenantRows;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.List;

/** Asks the schema which tables there are, so that it does not forget one. */
@Singleton
class PgTenantRows implements TenantRows {

    /** But for the counts, which follow the other tables by triggers. */
    private static final String TABLES = """
            SELECT c.table_name FROM information_schema.columns c
            JOIN information_schema.tables t USING (table_schema, table_name)
            WHERE c.table_schema = 'inventory' AND c.column_name = 'tenant_name' AND t.table_type = 'BASE TABLE'
              AND c.table_name NOT IN ('row_counts', 'value_counts')
            ORDER BY c.table_name""";

    private final Statements statements;

    PgTenantRows(@DataSource("inventory") AgroalDataSource dataSource) {
        this.statements = new Statements(dataSource);
    }

    @Override
    public List<String> contents(String tenant) {
        return statements.query("""
                SELECT sha256 FROM (
                    SELECT archive_sha256 FROM inventory.blueprints WHERE tenant_name = ?
                    UNION SELECT archive_sha256 FROM inventory.plugins WHERE tenant_name = ?
                    UNION SELECT wagon_sha256 FROM inventory.plugins WHERE tenant_name = ?
                    UNION SELECT workdir_sha256 FROM inventory.deployments WHERE tenant_name = ?) AS held (sha256)
                WHERE sha256 IS NOT NULL ORDER BY sha256""", row -> row.getString(1), tenant, tenant, tenant, tenant);
    }

    @Override
    public void deleteAll(String tenant) {
        for (String table : statements.query(TABLES, row -> row.getString(1))) {
            statements.update("DELETE FROM inventory." + table + " WHERE tenant_name = ?", tenant);
        }
    }
}
