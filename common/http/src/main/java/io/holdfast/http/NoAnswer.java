package io.holdfast.http;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;

/** Words for why nothing answered: exceptions of the network often have none. */
public final class NoAnswer {

    private NoAnswer() {}

    /** @param failure what asking over HTTP threw */
    public static String why(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return "there is no host of this name";
            }
        }
        String message = failure.getMessage();
        if (message != null) {
            return message;
        }
        return failure instanceof ConnectException
                ? "nothing listens there"
                : failure.getClass().getSimpleName();
    }
}
