package io.holdfast.scheduler.tenants.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.Statements;
import io.holdfast.scheduler.tenants.app.TenantRows;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;

/** Asks the schema which tables there are, so that it does not forget one. */
@Singleton
class PgTenantRows implements TenantRows {

    /** But for the counts, which follow the other tables by triggers. */
    private static final String TABLES = """
            SELECT c.table_name FROM information_schema.columns c
            JOIN information_schema.tables t USING (table_schema, table_name)
            WHERE c.table_schema = 'scheduler' AND c.column_name = 'tenant_name' AND t.table_type = 'BASE TABLE'
              AND c.table_name NOT IN ('row_counts', 'value_counts')
            ORDER BY c.table_name""";

    private final Statements statements;

    PgTenantRows(@DataSource("scheduler") AgroalDataSource dataSource) {
        this.statements = new Statements(dataSource, "what is left of tenants");
    }

    @Override
    public void deleteAll(String tenant) {
        for (String table : statements.read(TABLES, nothing -> {}, row -> row.getString(1))) {
            statements.write(
                    "DELETE FROM scheduler." + table + " WHERE tenant_name = ?",
                    statement -> statement.setString(1, tenant));
        }
    }
}
