package io.holdfast.http;

import io.holdfast.contracts.keys.MasterKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a worker shows to the API that is to install or remove a plugin, or to run a hook, and runs no execution by that: until when, in
 * which tenant, for whom and for what it is good, sealed. It is made from the installation's key and kept nowhere. Thread-safe.
 */
public final class PluginTokens {

    private static final String PURPOSE = "holdfast plugin token v1";
    private static final char SEPARATOR = '\0';

    private final Seal seal;

    public PluginTokens(MasterKey masterKey) {
        this.seal = new Seal(masterKey, PURPOSE);
    }

    /**
     * What a genuine token says. Whether its time is up, and whether there still is such a user, is to be asked.
     *
     * @param username the user with whose rights the worker works
     * @param pluginId null: all plugins that the user sees there
     * @param executionId the execution that a hook tells of; null where it is none
     * @param expiresAt to the millisecond
     */
    public record Claim(
            String tenantName,
            String username,
            @Nullable String pluginId,
            @Nullable String executionId,
            Instant expiresAt) {

        public static Claim ofPlugin(String tenantName, String username, String pluginId, Instant expiresAt) {
            return new Claim(tenantName, username, pluginId, null, expiresAt);
        }

        public static Claim ofHook(String tenantName, String username, String executionId, Instant expiresAt) {
            return new Claim(tenantName, username, null, executionId, expiresAt);
        }

        public boolean isOver(Instant now) {
            return !now.isBefore(expiresAt);
        }
    }

    public String issue(Claim claim) {
        byte[] names = String.join(
                        String.valueOf(SEPARATOR),
                        named(claim.tenantName()),
                        named(claim.username()),
                        orNone(claim.pluginId()),
                        orNone(claim.executionId()))
                .getBytes(StandardCharsets.UTF_8);
        return seal.close(ByteBuffer.allocate(Long.BYTES + names.length)
                .putLong(claim.expiresAt().toEpochMilli())
                .put(names)
                .array());
    }

    private static String orNone(@Nullable String name) {
        return name == null ? "" : named(name);
    }

    private static @Nullable String orNull(String name) {
        return name.isEmpty() ? null : name;
    }

    private static String named(String name) {
        if (name.isEmpty() || name.indexOf(SEPARATOR) >= 0) {
            throw new IllegalArgumentException("nothing has such a name");
        }
        return name;
    }

    /** Empty if it was not made with this installation's key. */
    public Optional<Claim> verify(String text) {
        return seal.open(text).map(PluginTokens::claim);
    }

    private static Claim claim(byte[] said) {
        Instant expiresAt = Instant.ofEpochMilli(ByteBuffer.wrap(said).getLong());
        String[] names = new String(said, Long.BYTES, said.length - Long.BYTES, StandardCharsets.UTF_8)
                .split(String.valueOf(SEPARATOR), -1);
        return new Claim(names[0], names[1], orNull(names[2]), orNull(names[3]), expiresAt);
    }
}
