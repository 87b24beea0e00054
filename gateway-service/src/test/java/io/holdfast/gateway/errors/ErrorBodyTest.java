package io.holdfast.gateway.errors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ErrorBodyTest {

    @Test
    void aProblemBecomesTheThreeMembersOfTheApi() {
        Map<String, @Nullable Object> problem = new LinkedHashMap<>();
        problem.put("type", "urn:holdfast:problem:not_found_error");
        problem.put("title", "Not found");
        problem.put("status", 404);
        problem.put("detail", "Requested `Snapshot` with ID `x` was not found");
        problem.put("error_code", "not_found_error");
        problem.put("hint", null);
        problem.put("correlation_id", "c");
        assertThat(ErrorBody.ofProblem(problem, 404))
                .containsExactly(
                        Map.entry("message", "Requested `Snapshot` with ID `x` was not found"),
                        Map.entry("error_code", "not_found_error"),
                        entryOfNull("server_traceback"));
    }

    private static Map.Entry<String, @Nullable Object> entryOfNull(String key) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put(key, null);
        return one.entrySet().iterator().next();
    }

    @Test
    void furtherMembersOfAProblemAreKept() {
        Map<String, @Nullable Object> problem = new LinkedHashMap<>();
        problem.put("detail", "bad rule");
        problem.put("error_code", "invalid_filter_rule");
        problem.put("err_filter_rule", Map.of("key", "a"));
        problem.put("err_reason", "why");
        assertThat(ErrorBody.ofProblem(problem, 400))
                .containsEntry("err_filter_rule", Map.of("key", "a"))
                .containsEntry("err_reason", "why");
    }

    @Test
    void aBareStatusStillHasACodeAndAMessage() {
        assertThat(ErrorBody.ofProblem(new LinkedHashMap<>(), 404)).containsEntry("error_code", "not_found_error");
        assertThat(ErrorBody.ofProblem(new LinkedHashMap<>(), 502))
                .containsEntry("error_code", "internal_server_error");
        assertThat(ErrorBody.ofProblem(new LinkedHashMap<>(), 418)).containsEntry("error_code", "bad_parameters_error");
    }
}
