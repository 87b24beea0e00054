package io.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.benchmarks.ApiQueries.Group;
import io.holdfast.benchmarks.ApiQueries.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void databasesAreKeptOnlyWhereThatIsAskedFor() {
        assertThat(ApiOptions.parse(List.of()).keep()).isNull();
        assertThat(ApiOptions.parse(List.of("--keep", "/tmp/some")).keep()).isEqualTo(Path.of("/tmp/some"));
        assertThatThrownBy(() -> ApiOptions.parse(List.of("--keep")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--keep needs a value");
    }

    @Test
    void aKeptDatabaseIsTakenOnlyIfItIsWholeAndHasAsManyRows(@TempDir Path keep) throws IOException {
        // given
        assertThat(ApiBench.isFilled(keep, 2_000)).isFalse();
        Files.createDirectory(keep.resolve("data"));
        assertThatThrownBy(() -> ApiBench.isFilled(keep, 2_000))
                .isInstanceOf(IOException.class)
                .hasMessage(keep + " has a database that was not filled to its end; delete it");
        // when
        Files.writeString(keep.resolve("rows"), "2000");
        // then
        assertThat(ApiBench.isFilled(keep, 2_000)).isTrue();
        assertThatThrownBy(() -> ApiBench.isFilled(keep, 3_000))
                .isInstanceOf(IOException.class)
                .hasMessage(keep + " has a database of 2000 rows, not 3000");
    }

    @Test
    void whatIsAskedForAfterAChangeSaysWhichRowIsAdded() {
        assertThat(ApiQueries.of(1_000))
                .filteredOn(query -> query.group() == Group.CHANGED)
                .isNotEmpty()
                .allSatisfy(query -> assertThat(ApiQueries.CHANGES).containsValue(query.changeSql()));
    }

    private static List<String> names(List<Query> queries) {
        return queries.stream().map(Query::name).toList();
    }
}
