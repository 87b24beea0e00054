package io.holdfast.gateway.proxy.rest;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/** Reads what is left of a request's body and throws it away, for a while: clients write all of it before they read an answer. */
final class Draining {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Draining() {}

    static void drain(HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        long timer = Vertx.currentContext() == null
                ? -1
                : Vertx.currentContext()
                        .owner()
                        .setTimer(
                                PATIENCE.toMillis(),
                                late -> request.connection().close());
        request.exceptionHandler(gone -> cancel(timer));
        request.handler(bytes -> {});
        request.endHandler(end -> cancel(timer));
        request.resume();
    }

    private static void cancel(long timer) {
        if (timer >= 0 && Vertx.currentContext() != null) {
            Vertx.currentContext().owner().cancelTimer(timer);
        }
    }
}
