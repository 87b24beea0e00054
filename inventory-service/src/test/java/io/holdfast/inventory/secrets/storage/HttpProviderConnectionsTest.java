package io.holdfast.inventory.secrets.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpProviderConnectionsTest {

    private final HttpProviderConnections connections = new HttpProviderConnections(() -> false);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:9",
                "http://127.1.2.3:9",
                "http://[::1]:9",
                "http://[::ffff:127.0.0.1]:9",
                "http://localhost:9/v1",
                "http://0.0.0.0:9",
                "http://169.254.169.254/latest/meta-data",
                "http://[fe80::1]:9",
            })
    void addressesOfTheManagerItselfAreNotAsked(String url) {
        assertThatThrownBy(() -> connections.test("vault", Map.of("url", url, "token", "t")))
                .asInstanceOf(InstanceOfAssertFactories.type(ManagerException.class))
                .matches(refused -> refused.code() == ErrorCode.BAD_PARAMETERS)
                .matches(refused -> refused.detail().contains("which is not allowed"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://vault.example.com",
                "file:///etc/passwd",
                "jar:http://vault.example.com!/x",
                "vault",
                "http://"
            })
    void onlyUrlsOfHttpAreTaken(String url) {
        assertThatThrownBy(() -> connections.test("cyberark", Map.of("url", url)))
                .asInstanceOf(InstanceOfAssertFactories.type(ManagerException.class))
                .matches(refused -> refused.detail().contains("`url` is no URL"));
    }
}
