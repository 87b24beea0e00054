package io.holdfast.cluster.election;

/**
 * Why a request is not carried out.
 *
 * @param detail what was found and what was expected
 * @param hint what to do next
 * @param passing whether the same request may be accepted a moment later, without anybody's doing
 */
public record Refusal(String detail, String hint, boolean passing) {

    /** One that stands until something is done about it. */
    public Refusal(String detail, String hint) {
        this(detail, hint, false);
    }
}
