package io.holdfast.inventory.blueprints.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.List;
import org.junit.jupiter.api.Test;

class VersionRangeTest {

    @Test
    void rangesContainWhatSatisfiesAllBounds() {
        assertThat(VersionRange.of(null).contains("1")).isTrue();
        assertThat(VersionRange.of("1.10").contains("1.10")).isTrue();
        assertThat(VersionRange.of("1.10").contains("1.1")).isFalse();
        assertThat(VersionRange.of(">=1.9,<2").contains("1.10.3")).isTrue();
        assertThat(VersionRange.of(">=1.9,<2").contains("2.0")).isFalse();
        assertThat(VersionRange.of("> 1.0, != 1.5").contains("1.5.0")).isFalse();
        assertThat(VersionRange.of("<=1").contains("1.0")).isTrue();
    }

    @Test
    void versionsAreOrderedByNumbers() {
        assertThat(List.of("1.10", "1.9", "1.9.1", "2", "1.10rc1").stream()
                        .sorted(VersionRange.ORDER)
                        .toList())
                .startsWith("1.9", "1.9.1", "1.10")
                .endsWith("2");
    }

    @Test
    void whatIsNoRangeIsRefused() {
        // when
        ManagerException refusal = catchThrowableOfType(ManagerException.class, () -> VersionRange.of("~=1.0"));
        // then
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_BLUEPRINT);
        assertThat(refusal.detail()).isEqualTo("'~=1.0' is no range of versions");
    }
}
