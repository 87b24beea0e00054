package io.holdfast.messaging;

/** A message that no retry can ever make acceptable. A handler throws it to have the message parked as dead at once. */
public class UnprocessableMessage extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * @param reason for machines: UNREADABLE, UNKNOWN_TYPE, UNKNOWN_VERSION, SCHEMA_VIOLATION, or the handler's own
     * @param detail what was found
     */
    public UnprocessableMessage(String reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
