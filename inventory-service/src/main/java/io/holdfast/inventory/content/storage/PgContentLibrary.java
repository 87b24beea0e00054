package io.holdfast.inventory.content.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

@Singleton
class PgContentLibrary implements ContentLibrary {

    private final AgroalDataSource dataSource;

    PgContentLibrary(@DataSource("inventory") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Optional<Content> find(String sha256) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement query =
                        connection.prepareStatement("SELECT size_bytes FROM inventory.content WHERE sha256 = ?")) {
            query.setString(1, sha256);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(new Content(sha256, row.getLong(1))) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot look up content " + sha256, e);
        }
    }

    @Override
    public InputStream open(Content content) {
        return new ChunkedContentStream(dataSource, content);
    }
}
