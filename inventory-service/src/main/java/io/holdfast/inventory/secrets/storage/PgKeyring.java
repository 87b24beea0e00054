package io.holdfast.inventory.secrets.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.inventory.secrets.app.Keyring;
import io.holdfast.state.StateSchemas;
import io.holdfast.state.secrets.DataKeys;
import io.holdfast.state.secrets.SecretBox;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Reads the data keys for each value: they are few, and a restore replaces them under a running service. */
@Singleton
class PgKeyring implements Keyring {

    private final AgroalDataSource dataSource;
    private final DataKeys dataKeys;
    private final Clock clock;

    PgKeyring(
            @DataSource("inventory") AgroalDataSource dataSource,
            @ConfigProperty(name = "holdfast.secret-key") String masterKey,
            Clock clock) {
        this.dataSource = dataSource;
        this.dataKeys = new DataKeys(MasterKey.of(masterKey));
        this.clock = clock;
    }

    @Override
    public String open(String sealed, String table, String... key) {
        try (Connection connection = dataSource.getConnection()) {
            SecretBox box = dataKeys.box(connection, StateSchemas.LIVE)
                    .orElseThrow(() -> new ManagerException(
                            ErrorCode.INTERNAL_SERVER,
                            "the manager holds sealed values but no data key to open them",
                            "restore a snapshot that carries the keys"));
            return box.open(sealed, SecretBox.aad(table, key));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the data keys", e);
        }
    }

    @Override
    public String seal(String plain, String table, String... key) {
        try (Connection connection = dataSource.getConnection()) {
            return dataKeys.ensure(connection, StateSchemas.LIVE, clock.instant())
                    .seal(plain, SecretBox.aad(table, key));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read or make the data keys", e);
        }
    }
}
