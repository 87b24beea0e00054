package io.holdfast.cluster.agent.http;

/**
 * An operation that is not carried out, as RFC 9457 says it.
 *
 * @param code for programs, such as {@code cluster_operation_refused}
 * @param detail what was found and what was expected
 * @param hint what to do next
 */
final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final String hint;

    Problem(int status, String code, String detail, String hint) {
        super(detail);
        this.status = status;
        this.code = code;
        this.hint = hint;
    }

    static Problem badRequest(String detail, String hint) {
        return new Problem(400, "bad_parameters_error", detail, hint);
    }

    static Problem refused(String detail, String hint) {
        return new Problem(409, "cluster_operation_refused", detail, hint);
    }

    static Problem noActive(String detail) {
        return new Problem(
                503,
                "no_active_node",
                detail,
                "see why with: holdfast cluster explain; an election takes about a second");
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String hint() {
        return hint;
    }
}
