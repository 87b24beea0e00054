package io.holdfast.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ListRequestTest {

    @Test
    void underscoreParametersAreConventionsAndOthersAreFilters() {
        // when
        ListRequest request = ListRequest.parse(Map.of(
                "_size", List.of("5"),
                "_offset", List.of("7"),
                "_sort", List.of("-created_at", "id"),
                "_include", List.of("id,created_at"),
                "_all_tenants", List.of("True"),
                "_group_id", List.of("g"),
                "blueprint_id", List.of("a", "b")));
        // then
        assertThat(request.size()).isEqualTo(5);
        assertThat(request.offset()).isEqualTo(7);
        assertThat(request.sort()).containsExactly("-created_at", "id");
        assertThat(request.include()).containsExactly("id", "created_at");
        assertThat(request.allTenants()).isTrue();
        assertThat(request.special("_group_id")).contains("g");
        assertThat(request.filters()).isEqualTo(Map.of("blueprint_id", List.of("a", "b")));
    }

    @Test
    void defaultsAreThoseOfTheApi() {
        // when
        ListRequest request = ListRequest.all();
        // then
        assertThat(request.size()).isEqualTo(1000);
        assertThat(request.offset()).isZero();
        assertThat(request.allResults()).isFalse();
        assertThat(request.wants("anything")).isTrue();
    }

    @Test
    void aResourcesOwnParametersAreNoFilters() {
        // when
        ListRequest request = ListRequest.parse(Map.of("deployment_id", List.of("d")), 10_000, Set.of("deployment_id"));
        // then
        assertThat(request.filters()).isEmpty();
        assertThat(request.size()).isEqualTo(10_000);
    }

    @Test
    void aNegativeSizeIsRefusedWithTheTextOfTheApi() {
        assertThatThrownBy(() -> ListRequest.parse(Map.of("_size", List.of("-1"))))
                .isInstanceOfSatisfying(ManagerException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.BAD_PARAMETERS);
                    assertThat(e.detail())
                            .isEqualTo(
                                    "1 validation error for Pagination\n_size\n  ensure this value is greater than or"
                                            + " equal to 0 (type=value_error.number.not_ge; limit_value=0)");
                });
    }

    @Test
    void bothPagingErrorsAreNamedAtOnce() {
        assertThatThrownBy(() -> ListRequest.parse(Map.of("_size", List.of("many"), "_offset", List.of("few"))))
                .hasMessage(
                        "2 validation errors for Pagination\n_size\n  value is not a valid integer"
                                + " (type=type_error.integer)\n_offset\n  value is not a valid integer (type=type_error.integer)");
    }

    @Test
    void aFlagThatIsNoBooleanIsRefused() {
        assertThatThrownBy(() -> ListRequest.parse(Map.of("_all_tenants", List.of("yes"))))
                .hasMessage("all_tenants must be <true/false>, got yes");
    }

    @Test
    void aSingleGetHasNoFilters() {
        // when
        ListRequest request =
                ListRequest.parseGet(Map.of("all_sub_deployments", List.of("True"), "_include", List.of("id")));
        // then
        assertThat(request.filters()).isEmpty();
        assertThat(request.include()).containsExactly("id");
    }
}
