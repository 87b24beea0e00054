package io.holdfast.contracts.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Expected texts are those of Python 3. */
class PythonTextTest {

    @Test
    void objectsAndArraysAreWrittenWithWhatIsInThem() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("a", Arrays.asList(1, true, false, null, "x"));
        object.put("b", Map.of());
        object.put("c", List.of());
        assertThat(PythonText.repr(object)).isEqualTo("{'a': [1, True, False, None, 'x'], 'b': {}, 'c': []}");
    }

    @Test
    void textsAreQuoted() {
        assertThat(PythonText.repr("it's")).isEqualTo("\"it's\"");
        assertThat(PythonText.repr("it's \"so\"")).isEqualTo("'it\\'s \"so\"'");
        assertThat(PythonText.repr("a\\b\n\t\r\u0007")).isEqualTo("'a\\\\b\\n\\t\\r\\x07'");
        assertThat(PythonText.repr("grün 😀")).isEqualTo("'grün 😀'");
    }

    @Test
    void numbersAreWrittenInFewDigits() {
        assertThat(PythonText.repr(List.of(0.0, -0.0, 2.5, 1e10, 1e15, 1e16, 1.5e300, 1e-4, 1e-5, 123456.789)))
                .isEqualTo("[0.0, -0.0, 2.5, 10000000000.0, 1000000000000000.0, 1e+16, 1.5e+300, 0.0001, 1e-05,"
                        + " 123456.789]");
        assertThat(PythonText.repr(new BigInteger("123456789012345678901234567890")))
                .isEqualTo("123456789012345678901234567890");
        assertThat(PythonText.repr(List.of(Double.NaN, Double.NEGATIVE_INFINITY, 1.5f)))
                .isEqualTo("[nan, -inf, 1.5]");
    }
}
