package io.holdfast.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

    private static final String PLANTED = "pl4nted/S3cret+x";

    private final Redactor strange = Redactor.knowing(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connecting to amqp://holdfast:%s@rabbit:5672/holdfast",
                "jdbc:postgresql://db/holdfast?user=holdfast&password=%s&ssl=true",
                "login failed for {\"username\": \"u\", \"password\": \"%s\"}",
                "escaped {\\\"admin_password\\\": \\\"%s\\\"}",
                "{'api_key': '%s', 'x': 1}",
                "HOLDFAST_SECRET_KEY=%s",
                "holdfast.secret-key = %s",
                "client_secret: %s",
                "header Authorization: Basic %s",
                "header Authorization: Bearer %s",
                "Authentication-Token: %s",
                "Execution-Token=%s, tenant=t",
                "Cookie: session=%s",
                "hash_salt=>%s",
                "-----BEGIN RSA PRIVATE KEY-----\n%s\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n%s\nand the end is missing",
                "passphrase is in ssl_passphrase='%s'"
            })
    void whatLooksLikeASecretIsTakenOutThoughNobodyKnowsIt(String line) {
        // given a value without the slash where it would end the address
        String secret = line.contains("://holdfast:%s") ? PLANTED.replace("/", "") : PLANTED;
        // when
        Redactor.Redacted redacted = strange.text(String.format(line, secret));
        // then
        assertThat(redacted.text())
                .doesNotContain(secret)
                .doesNotContain("S3cret")
                .contains(Redactor.MARK);
        assertThat(redacted.removed()).isPositive();
    }

    @Test
    void tokensAndHashesAreTakenOutWhereverTheyStand() {
        // given
        String token = "ctok-abcdefghij-" + "Z".repeat(40);
        String jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
        String bcrypt = "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";
        // when
        String text =
                strange.text("a " + token + " b " + jwt + " c " + bcrypt + " d").text();
        // then
        assertThat(text).isEqualTo("a [redacted] b [redacted] c [redacted] d");
    }

    @Test
    void aKnownSecretIsTakenOutInAnyFormAndPlace() {
        // given
        Redactor knowing = Redactor.knowing(List.of(PLANTED, "abc"));
        String base64 = Base64.getEncoder().encodeToString(PLANTED.getBytes(StandardCharsets.UTF_8));
        // when
        String text = knowing.text("x" + PLANTED + "y pl4nted%2FS3cret%2Bx " + base64 + " abc")
                .text();
        // then the three letters stay: they would be in every other word
        assertThat(text).isEqualTo("x[redacted]y [redacted] [redacted] abc");
    }

    @Test
    void aSecretThatIsAnotherOnesNameDoesNotLayThatOneOpen() {
        // given passwords as bad as they come
        Redactor knowing = Redactor.knowing(List.of("password", "admin_token"));
        // when
        String text = knowing.text("password=x1y2 {\"admin_token\": \"z3\"} the password is long")
                .text();
        // then
        assertThat(text).doesNotContain("x1y2").doesNotContain("z3").contains("the password is long");
    }

    @Test
    void whatSaysNothingSecretStays() {
        // given
        String line =
                "2026-03-13 INFO [i.h.s.b.Builder] Created snapshot s1: 512 bytes, see http://127.0.0.1:8080/ui/ and"
                        + " a@b.c; token-ttl of 5m, primary key violated, monkey=7";
        // when
        Redactor.Redacted redacted = strange.text(line);
        // then
        assertThat(redacted.text())
                .contains("Created snapshot s1: 512 bytes", "http://127.0.0.1:8080/ui/", "a@b.c", "monkey=7");
    }

    @Test
    void fieldsOfJsonAreRedactedByNameAndStayJson() throws Exception {
        // given
        ObjectMapper mapper = new ObjectMapper();
        JsonNode json = mapper.readTree(
                "{\"a\": {\"ldap_password\": \"x1\", \"ldap_server\": \"ldap://h\", \"rows\": ["
                        + "\"amqp://u:p1@h\", {\"holdfast.secret-key\": \"k1\"}]}, \"password-min-length\": 8, \"token\": null, \"secrets.local\": \"false\"}");
        // when
        int removed = strange.json(json);
        // then
        assertThat(json)
                .isEqualTo(mapper.readTree("{\"a\": {\"ldap_password\": \"[redacted]\", \"ldap_server\": \"ldap://h\","
                        + " \"rows\": [\"amqp://[redacted]@h\", {\"holdfast.secret-key\": \"[redacted]\"}]},"
                        + " \"password-min-length\": 8, \"token\": null, \"secrets.local\": \"false\"}"));
        assertThat(removed).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PWD",
                "pwd",
                "OLDPWD",
                "password-min-length",
                "token-ttl",
                "key-file",
                "password-parameter",
                "cookie-same-site",
                "monkey"
            })
    void namesOfWhatIsOnlyAboutASecretAreNoneOfSecrets(String name) {
        assertThat(SecretNames.isSecret(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "holdfast.secret-key",
                "HOLDFAST_CLUSTER_KEY",
                "dbPassword",
                "api_key",
                "hash_salt",
                "SSLPWD",
                "key"
            })
    void namesOfSecretsAreKnown(String name) {
        assertThat(SecretNames.isSecret(name)).isTrue();
    }

    @Test
    void aRedactedTextStaysAsItIsWhenRedactedAgain() {
        // given
        String once = strange.text("password=x1 amqp://u:p@h Authorization: Basic abcdef==")
                .text();
        // when
        String twice = strange.text(once).text();
        // then
        assertThat(twice).isEqualTo(once);
    }
}
