package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.keys.MasterKey;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdentitySignerTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final MasterKey KEY = key(0);
    private static final CallerIdentity ALICE =
            new CallerIdentity("alice", false, "t1", List.of("t1", "t2"), List.of("user"), "token", NOW);

    private final IdentitySigner signer = signerAt(NOW);

    private static IdentitySigner signerAt(Instant now) {
        return new IdentitySigner(KEY, Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    void whatIsSignedIsVerifiedAndComesBackWhole() {
        IdentitySigner.Headers headers = signer.sign(ALICE, "GET", "/internal/x");
        assertThat(signer.verify(headers.identity(), headers.signature(), "GET", "/internal/x"))
                .contains(ALICE);
    }

    @Test
    void allTenantsStaysAllTenants() {
        CallerIdentity admin = CallerIdentity.ofService("restore", NOW);
        IdentitySigner.Headers headers = signer.sign(admin, "GET", "/internal/x");
        assertThat(signer.verify(headers.identity(), headers.signature(), "GET", "/internal/x"))
                .contains(admin)
                .hasValueSatisfying(
                        caller -> assertThat(caller.visibleTenants()).isNull());
    }

    @Test
    void theJsonNamesTheFieldsOfTheContract() {
        String json = new String(
                Base64.getUrlDecoder().decode(signer.sign(ALICE, "GET", "/").identity()), StandardCharsets.UTF_8);
        assertThat(json)
                .isEqualTo(
                        "{\"username\":\"alice\",\"admin\":false,\"tenant\":\"t1\",\"visibleTenants\":[\"t1\",\"t2\"],"
                                + "\"tenantRoles\":[\"user\"],\"authMethod\":\"token\",\"issuedAt\":\"2026-03-01T12:00:00Z\",\"executionId\":null}");
    }

    @Test
    void anotherMethodPathIdentityOrKeyIsRefused() {
        IdentitySigner.Headers headers = signer.sign(ALICE, "GET", "/internal/x");
        IdentitySigner.Headers admins = signer.sign(CallerIdentity.ofService("x", NOW), "GET", "/internal/x");
        IdentitySigner otherKey = new IdentitySigner(key(1), Clock.fixed(NOW, ZoneOffset.UTC));

        assertThat(signer.verify(headers.identity(), headers.signature(), "DELETE", "/internal/x"))
                .isEmpty();
        assertThat(signer.verify(headers.identity(), headers.signature(), "GET", "/internal/y"))
                .isEmpty();
        assertThat(signer.verify(admins.identity(), headers.signature(), "GET", "/internal/x"))
                .isEmpty();
        assertThat(otherKey.verify(headers.identity(), headers.signature(), "GET", "/internal/x"))
                .isEmpty();
    }

    @Test
    void olderThanFiveMinutesOrFromTheFutureIsRefused() {
        IdentitySigner.Headers headers = signer.sign(ALICE, "GET", "/internal/x");
        Duration tooLong = IdentitySigner.MAX_AGE.plusSeconds(1);

        assertThat(signerAt(NOW.plus(IdentitySigner.MAX_AGE))
                        .verify(headers.identity(), headers.signature(), "GET", "/internal/x"))
                .isPresent();
        assertThat(signerAt(NOW.plus(tooLong)).verify(headers.identity(), headers.signature(), "GET", "/internal/x"))
                .isEmpty();
        assertThat(signerAt(NOW.minus(tooLong)).verify(headers.identity(), headers.signature(), "GET", "/internal/x"))
                .isEmpty();
    }

    @Test
    void missingOrGarbledHeadersAreRefusedNotThrown() {
        assertThat(signer.verify(null, null, "GET", "/internal/x")).isEmpty();
        assertThat(signer.verify("e30", null, "GET", "/internal/x")).isEmpty();
        assertThat(signer.verify("***", "***", "GET", "/internal/x")).isEmpty();
    }

    private static MasterKey key(int first) {
        byte[] secret = new byte[MasterKey.BYTES];
        secret[0] = (byte) first;
        return MasterKey.of(Base64.getEncoder().encodeToString(secret));
    }
}
