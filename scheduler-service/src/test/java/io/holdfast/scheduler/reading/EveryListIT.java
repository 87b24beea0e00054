package io.holdfast.scheduler.reading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.http.IdentitySigner;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all lists have in common: pages, order, projection and filters, with the same refusals everywhere. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class EveryListIT {

    private static final String BAD = "bad_parameters_error";

    @Inject
    IdentitySigner signer;

    @ParameterizedTest
    @ValueSource(strings = {"/executions", "/execution-groups", "/execution-schedules"})
    void wrongPagesOrdersFieldsAndFiltersAreRefusedAlike(String list) {
        String pages = "1 validation error for Pagination\n";
        refused(list + "?_size=-1", BAD, pages + "_size\n  ensure this value is greater than or equal to 0");
        refused(list + "?_size=many", BAD, pages + "_size\n  value is not a valid integer");
        refused(list + "?_offset=-1", BAD, pages + "_offset\n  ensure this value is greater than or equal to 0");
        refused(list + "?_offset=-1&_size=x", BAD, "2 validation errors for Pagination\n_size\n");
        refused(list + "?_sort=-nosuch", BAD, "Sort keys '['nosuch']' do not exist. Allowed keys are: ");
        refused(list + "?_include=id,nosuch", "no_such_include_field_error", "nosuch");
        refused(list + "?nosuch=1", BAD, "Filter keys '['nosuch']' do not exist. Allowed keys are: ");
        refused(list + "?_get_all_results=maybe", BAD, "must be <true/false>, got maybe");
        JsonNode none = Api.admin(signer, "t1").get(list + "?_size=0");
        assertThat(none.get("items")).isEmpty();
        assertThat(none.at("/metadata/pagination/size").asInt()).isZero();
        JsonNode many = Api.admin(signer, "t1").get(list + "?_size=1001&_offset=100000");
        assertThat(many.get("items")).isEmpty();
        assertThat(many.at("/metadata/pagination/size").asInt()).isEqualTo(1001);
        assertThat(many.at("/metadata/pagination/offset").asInt()).isEqualTo(100000);
    }

    private void refused(String path, String code, String message) {
        Response response = Api.admin(signer, "t1").response(path);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(400);
        assertThat(response.jsonPath().getString("error_code")).isEqualTo(code);
        assertThat(response.jsonPath().getString("detail")).contains(message);
    }
}
