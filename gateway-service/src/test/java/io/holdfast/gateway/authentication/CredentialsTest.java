package io.holdfast.gateway.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.gateway.authentication.Credentials.NameAndPassword;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

    private static Credentials basic(String nameAndPassword) {
        return header("Basic " + Base64.getEncoder().encodeToString(nameAndPassword.getBytes(StandardCharsets.UTF_8)));
    }

    private static Credentials header(String authorization) {
        return new Credentials(authorization, null, null);
    }

    @Test
    void thePasswordMayHoldColonsAndAnything() {
        assertThat(basic("admin:pä:ss").basic()).contains(new NameAndPassword("admin", "pä:ss"));
    }

    @Test
    void theSchemeIsReadInAnyCase() {
        assertThat(header("bAsIc YTpi").basic()).contains(new NameAndPassword("a", "b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer YTpi",
                "Basic",
                "Basic !!!",
                "Basic YWI=",
                "Basic MWE6Yg==",
                "Basic OmI=",
                "Basic YQBiOmM="
            })
    void whatIsNoUsableBasicHeaderCountsAsNone(String authorization) {
        assertThat(header(authorization).basic()).isEmpty();
    }

    @Test
    void tokensHaveAShape() {
        String value = "ctok-" + "a".repeat(10) + "-" + "B".repeat(40);
        assertThat(ApiToken.parse(value)).map(ApiToken::value).contains(value);
        assertThat(ApiToken.parse("ctok-short-" + "B".repeat(40))).isEmpty();
        assertThat(ApiToken.parse(value + "x")).isEmpty();
    }

    @Test
    void aTokenFitsTheHashOfItsSecretOnly() {
        ApiToken token = new ApiToken("a".repeat(10), "B".repeat(40));
        assertThat(token.fits(token.secretHash())).isTrue();
        assertThat(token.fits(new ApiToken("a".repeat(10), "C".repeat(40)).secretHash()))
                .isFalse();
    }

    @Test
    void nothingSecretIsPrinted() {
        assertThat(basic("admin:secret").toString()).doesNotContain("secret");
        assertThat(basic("admin:secret").basic().orElseThrow().toString()).doesNotContain("secret");
        assertThat(new ApiToken("id", "secret").toString()).doesNotContain("secret");
    }
}
