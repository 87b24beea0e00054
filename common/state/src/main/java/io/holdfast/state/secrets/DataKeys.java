package io.holdfast.state.secrets;

import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.state.StateSchemas;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The data keys of {@code access.encryption_keys}: read and unwrapped, or wrapped and written. The newest seals.
 *
 * <p>An archive carries the unwrapped keys (it is security-sensitive as a whole); a restore wraps them with the target's master
 * key, so no value has to be sealed again.
 */
public final class DataKeys {

    private static final String WRAP_KEY_ID = "master";

    /**
     * A data key as it travels in an archive.
     *
     * @param key 32 bytes; callers must not log it
     */
    public record DataKey(String keyId, byte[] key, Instant createdAt) {}

    private final SecretBox wrapper;

    public DataKeys(MasterKey master) {
        this.wrapper = new SecretBox(Map.of(WRAP_KEY_ID, master.derive("holdfast/data-keys/v1")), WRAP_KEY_ID);
    }

    /** All data keys of {@code schemas}, oldest first. */
    public List<DataKey> read(Connection connection, StateSchemas schemas) throws SQLException {
        List<DataKey> keys = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement("SELECT key_id, wrapped_key, created_at FROM "
                        + schemas.access() + ".encryption_keys ORDER BY created_at, key_id");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                String keyId = row.getString(1);
                byte[] key = Base64.getDecoder().decode(wrapper.open(row.getString(2), aad(keyId)));
                keys.add(new DataKey(
                        keyId, key, row.getObject(3, OffsetDateTime.class).toInstant()));
            }
        }
        return keys;
    }

    /** The box of {@code schemas}; empty while no data key has been made. */
    public Optional<SecretBox> box(Connection connection, StateSchemas schemas) throws SQLException {
        List<DataKey> keys = read(connection, schemas);
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        Map<String, byte[]> byId = new LinkedHashMap<>();
        keys.forEach(key -> byId.put(key.keyId(), key.key()));
        return Optional.of(new SecretBox(byId, keys.get(keys.size() - 1).keyId()));
    }

    /** As {@link #box}, making the first data key if there is none. Idempotent, also with several callers at once. */
    public SecretBox ensure(Connection connection, StateSchemas schemas, Instant now) throws SQLException {
        Optional<SecretBox> there = box(connection, schemas);
        if (there.isPresent()) {
            return there.get();
        }
        byte[] key = new byte[32];
        SecureRandom random = new SecureRandom();
        random.nextBytes(key);
        String keyId = "k-" + HexFormat.of().toHexDigits(random.nextInt());
        write(connection, schemas, List.of(new DataKey(keyId, key, now)));
        return box(connection, schemas).orElseThrow();
    }

    /** Wraps and writes {@code keys}; those already there by id stay as they are. */
    public void write(Connection connection, StateSchemas schemas, List<DataKey> keys) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + schemas.access()
                + ".encryption_keys (key_id, wrapped_key, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")) {
            for (DataKey key : keys) {
                String wrapped = wrapper.seal(Base64.getEncoder().encodeToString(key.key()), aad(key.keyId()));
                insert.setString(1, key.keyId());
                insert.setString(2, wrapped);
                insert.setObject(3, OffsetDateTime.ofInstant(key.createdAt(), ZoneOffset.UTC));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static String aad(String keyId) {
        return SecretBox.aad("encryption_keys", keyId);
    }
}
