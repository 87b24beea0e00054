package io.holdfast.gateway.requests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.requests.Request;
import io.holdfast.gateway.routing.ApiPath;
import io.holdfast.gateway.routing.RouteMatch;
import io.holdfast.gateway.routing.RouteTable;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each request is the call of the manager API that does the same, so the same permission counts. */
class CallTest {

    static Stream<Arguments> calls() {
        return Stream.of(
                Arguments.of(
                        new Request.StartExecution(
                                "web", "scale", Map.of("n", 1), true, "t", true, false, false, 3, true),
                        new Call(
                                "POST",
                                List.of("executions"),
                                null,
                                Map.of(
                                        "id",
                                        "e1",
                                        "deployment_id",
                                        "web",
                                        "workflow_id",
                                        "scale",
                                        "parameters",
                                        Map.of("n", 1),
                                        "allow_custom_parameters",
                                        true,
                                        "scheduled_time",
                                        "t",
                                        "queue",
                                        true,
                                        "force",
                                        false,
                                        "dry_run",
                                        false,
                                        "priority",
                                        3)),
                        "execution_start"),
                Arguments.of(
                        new Request.StartExecution("web", "scale", null, null, null, null, null, null, null, null),
                        new Call(
                                "POST",
                                List.of("executions"),
                                null,
                                Map.of("id", "e1", "deployment_id", "web", "workflow_id", "scale")),
                        "execution_start"),
                Arguments.of(
                        new Request.CancelExecution("e7", null),
                        new Call("POST", List.of("executions", "e7"), null, Map.of("action", "cancel")),
                        "execution_cancel"),
                Arguments.of(
                        new Request.CancelExecution("e7", "kill"),
                        new Call("POST", List.of("executions", "e7"), null, Map.of("action", "kill")),
                        "execution_cancel"),
                Arguments.of(
                        new Request.GetExecution("e7"),
                        new Call("GET", List.of("executions", "e7"), null, null),
                        "execution_get"),
                Arguments.of(
                        new Request.PutSchedule(
                                "nightly",
                                "web",
                                "backup",
                                Map.of("n", 1),
                                Map.of("since", "s", "recurrence", "1 day")),
                        new Call(
                                "PUT",
                                List.of("execution-schedules", "nightly"),
                                "web",
                                Map.of(
                                        "since",
                                        "s",
                                        "recurrence",
                                        "1 day",
                                        "workflow_id",
                                        "backup",
                                        "parameters",
                                        Map.of("n", 1))),
                        "execution_schedule_create"),
                Arguments.of(
                        new Request.DeleteSchedule("nightly", "web"),
                        new Call("DELETE", List.of("execution-schedules", "nightly"), "web", null),
                        "execution_schedule_create"),
                Arguments.of(
                        new Request.CreateSnapshot("s1", true, false, null, null),
                        new Call(
                                "PUT",
                                List.of("snapshots", "s1"),
                                null,
                                Map.of("include_credentials", true, "include_logs", false)),
                        "snapshot_create"));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void requestIsTheCallWithItsPermission(Request request, Call expected, String permission) {
        Call call = Call.of(request, "e1");
        assertThat(call).isEqualTo(expected);
        assertThat(RouteTable.shipped().match(call.method(), new ApiPath(ApiPath.Dialect.MANAGER, call.path())))
                .isInstanceOfSatisfying(
                        RouteMatch.Matched.class,
                        matched -> assertThat(matched.route().permission()).isEqualTo(permission));
    }

    @Test
    void fieldsOfADefinitionDoNotReplaceTheRequestsOwn() {
        Call call = Call.of(
                new Request.PutSchedule("nightly", "web", "backup", null, Map.of("workflow_id", "uninstall")), "e1");
        assertThat(call.body()).containsEntry("workflow_id", "backup");
        assertThat(call.asQuestion()).isEqualTo(new Call("GET", call.path(), "web", null));
    }
}
