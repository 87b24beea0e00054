package io.holdfast.inventory.blueprints.rest;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** An upload that says nothing of its type is bytes. Otherwise it would be taken for a form, and found without fields. */
@ApplicationScoped
public class UntypedUploads {

    private static final int PRIORITY = 900;

    void register(@Observes Filters filters) {
        filters.register(UntypedUploads::type, PRIORITY);
    }

    private static void type(RoutingContext context) {
        HttpServerRequest request = context.request();
        boolean blueprint =
                request.method().equals(HttpMethod.PUT) && request.path().startsWith("/internal/inventory/blueprints/");
        boolean icon = request.method().equals(HttpMethod.PATCH)
                && request.path().startsWith("/internal/inventory/blueprints/")
                && request.path().endsWith("/icon");
        boolean plugin =
                request.method().equals(HttpMethod.POST) && request.path().equals("/internal/inventory/plugins");
        boolean file =
                request.method().equals(HttpMethod.PUT) && request.path().startsWith("/internal/inventory/resources/");
        String type = request.headers().get(HttpHeaders.CONTENT_TYPE);
        if ((blueprint || icon || plugin || file) && (type == null || !type.contains("/"))) {
            request.headers().set(HttpHeaders.CONTENT_TYPE, "application/octet-stream");
        }
        context.next();
    }
}
