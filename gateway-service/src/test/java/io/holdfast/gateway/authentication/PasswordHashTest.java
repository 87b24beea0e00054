package io.holdfast.gateway.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {

    @ParameterizedTest
    @CsvSource({
        "alice, $pbkdf2-sha256$1000$pfSeM4aQcm5tzbnXundurQ$.P8QVNrMvuv9JBN.sLSiqDoCGY4JTsLrishOsRr/K.g",
        "bob, $pbkdf2-sha256$1000$UUoJYey9VypFCAFAyLl3Tg$Ekr7tLvbAqZSgl1AuaSYw5H.CB44HIvA/FNRemHQoX0",
        "root2, $pbkdf2-sha256$1000$LsV4T8n5Xyul9N77f48R4g$cdA7IjX8qa5z2XXCB5eERsDIXEE7USueJHUIcUZlnZ8"
    })
    void hashesOfARealManagerAreVerified(String name, String stored) {
        PasswordHash hash = PasswordHash.parse(stored).orElseThrow();
        assertThat(hash.fits(name + "-password", "salt123")).isTrue();
        assertThat(hash.fits(name + "-passwort", "salt123")).isFalse();
        assertThat(hash.fits(name + "-password", "salt124")).isFalse();
    }

    @Test
    void aHashIsWrittenAsItWasRead() {
        String stored = "$pbkdf2-sha256$1000$pfSeM4aQcm5tzbnXundurQ$.P8QVNrMvuv9JBN.sLSiqDoCGY4JTsLrishOsRr/K.g";
        assertThat(PasswordHash.parse(stored).orElseThrow().text()).isEqualTo(stored);
    }

    @Test
    void aNewHashFitsItsPasswordOnly() {
        NewPasswords passwords = NewPasswords.withFreshSalt();
        PasswordHash hash =
                PasswordHash.parse(passwords.hash("pässwörd").text()).orElseThrow();
        assertThat(hash.rounds()).isEqualTo(PasswordHash.ROUNDS_OF_NEW);
        assertThat(hash.fits("pässwörd", passwords.managerSalt())).isTrue();
        assertThat(hash.fits("passwort", passwords.managerSalt())).isFalse();
    }

    @Test
    void twoHashesOfOnePasswordDiffer() {
        NewPasswords passwords = NewPasswords.withFreshSalt();
        assertThat(passwords.hash("same").text())
                .isNotEqualTo(passwords.hash("same").text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a fake hash",
                "$pbkdf2-sha512$1000$pfSeM4aQcm5tzbnXundurQ$.P8QVNrMvuv9JBN.sLSiqDoCGY4JTsLrishOsRr/K.g",
                "$pbkdf2-sha256$many$pfSeM4aQcm5tzbnXundurQ$.P8QVNrMvuv9JBN.sLSiqDoCGY4JTsLrishOsRr/K.g",
                "$pbkdf2-sha256$-5$pfSeM4aQcm5tzbnXundurQ$.P8QVNrMvuv9JBN.sLSiqDoCGY4JTsLrishOsRr/K.g",
                "$pbkdf2-sha256$1000$***$.P8QVNrMvuv9JBN.sLSiqDoCGY4JTsLrishOsRr/K.g",
                "$pbkdf2-sha256$1000$pfSeM4aQcm5tzbnXundurQ$AAAA"
            })
    void textThatIsNoHashIsToldFromOne(String text) {
        assertThat(PasswordHash.parse(text)).isEmpty();
    }

    @Test
    void aHashDoesNotPrintItsDigest() {
        assertThat(NewPasswords.withSalt("s").hash("x").toString()).isEqualTo("PasswordHash[rounds=100000]");
    }
}
