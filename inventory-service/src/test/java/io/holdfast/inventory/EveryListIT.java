package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all lists have in common: pages, order, projection and filters, with the same refusals everywhere. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class EveryListIT extends WritesCase {

    private static final String BAD = "bad_parameters_error";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/agents",
                "/blueprints",
                "/deployment-groups",
                "/deployment-modifications",
                "/deployment-updates",
                "/deployments",
                "/filters/blueprints",
                "/filters/deployments",
                "/inter-deployment-dependencies",
                "/deployments/inter-deployment-dependencies",
                "/node-instances",
                "/nodes",
                "/plugins",
                "/plugins-updates",
                "/secrets",
                "/secrets-providers",
                "/sites"
            })
    void wrongPagesOrdersFieldsAndFiltersAreRefusedAlike(String list) {
        String pages = "1 validation error for Pagination\n";
        refused(
                admin.response(list + "?_size=-1"),
                400,
                BAD,
                pages + "_size\n  ensure this value is greater than or equal to 0");
        refused(admin.response(list + "?_size=many"), 400, BAD, pages + "_size\n  value is not a valid integer");
        refused(
                admin.response(list + "?_offset=-1"),
                400,
                BAD,
                pages + "_offset\n  ensure this value is greater than or equal to 0");
        refused(admin.response(list + "?_offset=-1&_size=x"), 400, BAD, "2 validation errors for Pagination\n_size\n");
        refused(
                admin.response(list + "?_sort=-nosuch"),
                400,
                BAD,
                "Sort keys '['nosuch']' do not exist. Allowed keys are: ");
        refused(admin.response(list + "?_include=id,nosuch"), 400, "no_such_include_field_error", "nosuch");
        refused(
                admin.response(list + "?nosuch=1"),
                400,
                BAD,
                "Filter keys '['nosuch']' do not exist. Allowed keys are: ");
        refused(admin.response(list + "?_get_all_results=maybe"), 400, BAD, "must be <true/false>, got maybe");
        JsonNode none = admin.get(list + "?_size=0");
        assertThat(none.get("items")).isEmpty();
        assertThat(none.at("/metadata/pagination/size").asInt()).isZero();
        JsonNode many = admin.get(list + "?_size=1001&_offset=100000&_search=%25");
        assertThat(many.get("items")).isEmpty();
        assertThat(many.at("/metadata/pagination/size").asInt()).isEqualTo(1001);
        assertThat(many.at("/metadata/pagination/offset").asInt()).isEqualTo(100000);
        assertThat(many.at("/metadata/pagination/total").isInt()).isTrue();
    }
}
