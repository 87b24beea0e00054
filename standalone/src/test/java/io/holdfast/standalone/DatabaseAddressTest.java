package io.holdfast.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DatabaseAddressTest {

    @Test
    void userAndPasswordAreTakenOutOfTheUrlAndDecoded() {
        // when
        DatabaseAddress address =
                DatabaseAddress.parse("jdbc:postgresql://h:1/d?user=me&ssl=true&password=a%26b%3D%20c", Map.of());

        // then
        assertThat(address).isEqualTo(new DatabaseAddress("jdbc:postgresql://h:1/d?ssl=true", "me", "a&b= c"));
    }

    @Test
    void theEnvironmentNamesThemWhereTheUrlDoesNot() {
        // when
        DatabaseAddress address = DatabaseAddress.parse(
                "jdbc:postgresql://h/d",
                Map.of("HOLDFAST_DATABASE_USERNAME", "me", "HOLDFAST_DATABASE_PASSWORD", "secret"));

        // then
        assertThat(address).isEqualTo(new DatabaseAddress("jdbc:postgresql://h/d", "me", "secret"));
    }

    @Test
    void thePasswordIsNotPrinted() {
        assertThat(new DatabaseAddress("jdbc:postgresql://h/d", "me", "secret").toString())
                .doesNotContain("secret");
    }
}
