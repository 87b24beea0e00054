package io.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.benchmarks.ApiQueries.Group;
import io.holdfast.benchmarks.ApiQueries.Query;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApiQueriesTest {

    @Test
    void bothManagersAreAskedTheSameInTheSameOrder() {
        // when
        List<Query> few = ApiQueries.of(1_000);
        List<Query> many = ApiQueries.of(1_000_000);
        // then
        assertThat(few).extracting(Query::name).doesNotHaveDuplicates().isEqualTo(names(many));
        assertThat(few)
                .filteredOn(query -> query.group() == Group.LIST && query.name().endsWith(".offset"))
                .allSatisfy(query -> assertThat(query.url()).contains("_offset=500"));
        assertThat(many)
                .filteredOn(query -> query.name().endsWith(".offset"))
                .allSatisfy(query -> assertThat(query.url()).contains("_offset=500000"));
    }

    @Test
    void pagesOfWholeListsSayWhatTheirTotalMustBe() {
        // when
        List<Query> queries = ApiQueries.of(1_000);
        // then
        assertThat(queries)
                .filteredOn(query ->
                        query.name().endsWith(".first") && !query.name().startsWith("filters/"))
                .isNotEmpty()
                .allSatisfy(query -> assertThat(query.countSql()).startsWith("SELECT count(*) FROM "));
    }

    @Test
    void rowsBelowTwiceTheSmallManagersAreRefused() {
        // when, then
        assertThatThrownBy(() -> ApiOptions.parse(List.of("--rows", "1500")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--rows must be at least 2000, not 1500");
    }

    @Test
    void aMillionRowsCanBeAskedFor() {
        // when
        ApiOptions options = ApiOptions.parse(List.of("--quick", "--rows", "1000000"));
        // then
        assertThat(options.rows()).isEqualTo(1_000_000);
        assertThat(options.repeats()).isEqualTo(5);
    }

    private static List<String> names(List<Query> queries) {
        return queries.stream().map(Query::name).toList();
    }
}
