package io.holdfast.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RawQueryTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "_size=5&_sort=-name", "_include=id%2Cname", "a=b+c&d='x'", "url=http://h/p?q=(1)"})
    void whatIsFineStaysAsItIs(String query) {
        assertThat(RawQuery.suffix(query)).isEqualTo("?" + query);
    }

    @ParameterizedTest
    @CsvSource({"_search=100%, ?_search=100%25", "a=%zz, ?a=%25zz", "a={x|y}, ?a=%7Bx%7Cy%7D", "a=%2, ?a=%252"})
    void whatNoQueryMayHoldIsEncoded(String query, String clean) {
        assertThat(RawQuery.suffix(query)).isEqualTo(clean);
        assertThat(URI.create("http://h/p" + clean).getRawQuery()).isNotEmpty();
    }

    @Test
    void noQueryIsNoQuery() {
        assertThat(RawQuery.suffix(null)).isEmpty();
    }

    @Test
    void aListOverAllTenantsIsAskedForInAnyCase() {
        assertThat(RawQuery.asksForAllTenants("_size=1&_all_tenants=True")).isTrue();
        assertThat(RawQuery.asksForAllTenants("_all_tenants=true&x=1")).isTrue();
        assertThat(RawQuery.asksForAllTenants("_all_tenants=False")).isFalse();
        assertThat(RawQuery.asksForAllTenants("x_all_tenants=true")).isFalse();
        assertThat(RawQuery.asksForAllTenants(null)).isFalse();
    }
}
