package io.holdfast.snapshot.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "SELECT * FROM t1 WHERE a = 'x' AND b = 42 | SELECT * FROM t1 WHERE a = ? AND b = ?",
                "SELECT 'it''s' , E'a\\'b', 1.5 | SELECT ? , E?, ?",
                "UPDATE t SET a = $1 WHERE id = $2 | UPDATE t SET a = $1 WHERE id = $2",
                "DO $x$ secret $x$; SELECT $$also$$ | DO ?; SELECT ?",
                "INSERT INTO t VALUES ('cut off | INSERT INTO t VALUES (?"
            })
    void aStatementIsShownWithoutItsValues(String statement, String shown) {
        assertThat(Statements.withoutValues(statement)).isEqualTo(shown);
    }
}
