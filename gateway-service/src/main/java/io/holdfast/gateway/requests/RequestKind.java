package io.holdfast.gateway.requests;

import io.holdfast.contracts.requests.Request;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The requests that there are, by the wire names of their contracts. */
public enum RequestKind {
    START_EXECUTION(Request.StartExecution.TYPE, Request.StartExecution.class, false),
    CANCEL_EXECUTION(Request.CancelExecution.TYPE, Request.CancelExecution.class, false),
    GET_EXECUTION(Request.GetExecution.TYPE, Request.GetExecution.class, true),
    PUT_SCHEDULE(Request.PutSchedule.TYPE, Request.PutSchedule.class, false),
    DELETE_SCHEDULE(Request.DeleteSchedule.TYPE, Request.DeleteSchedule.class, false),
    CREATE_SNAPSHOT(Request.CreateSnapshot.TYPE, Request.CreateSnapshot.class, false);

    private static final String PREFIX = "request.";

    private final String type;
    private final Class<? extends Request> form;
    private final boolean query;

    RequestKind(String type, Class<? extends Request> form, boolean query) {
        this.type = type;
        this.form = form;
        this.query = query;
    }

    public static Optional<RequestKind> find(String type) {
        return Arrays.stream(values()).filter(kind -> kind.type.equals(type)).findFirst();
    }

    /** The versions that are known of what {@code type} names another version of; empty if there is no such thing. */
    public static List<String> versionsOf(String type) {
        String family = withoutVersion(type);
        return Arrays.stream(values())
                .map(RequestKind::type)
                .filter(known -> withoutVersion(known).equals(family))
                .toList();
    }

    /** Wire name. */
    public String type() {
        return type;
    }

    /** The record of its body. */
    public Class<? extends Request> form() {
        return form;
    }

    /** Whether it changes nothing, so that nothing needs to be remembered. */
    public boolean isQuery() {
        return query;
    }

    /** The end of its routing keys, for example {@code execution.start}. */
    public String routingSuffix() {
        return withoutVersion(type).substring(PREFIX.length());
    }

    /** The tenant of {@code request.<tenant>.<kind>}; empty if the key is not of this form. */
    public Optional<String> tenantOf(String routingKey) {
        String end = "." + routingSuffix();
        if (!routingKey.startsWith(PREFIX)
                || !routingKey.endsWith(end)
                || routingKey.length() <= PREFIX.length() + end.length()) {
            return Optional.empty();
        }
        return Optional.of(routingKey.substring(PREFIX.length(), routingKey.length() - end.length()));
    }

    private static String withoutVersion(String type) {
        return type.replaceFirst("\\.v[0-9]+$", "");
    }
}
