package io.holdfast.http;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.MediaType;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what a resource that reads JSON would be given otherwise: a body without any type, which the framework takes for the type that
 * the resource consumes, and none at all, which it takes for null. Source: cloudify-api sections 1.1 and 1.2.
 */
@ApplicationScoped
public class JsonBodyFilter {

    @ServerRequestFilter
    public void check(ResourceInfo resource, HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if ((type == null || isEmpty(request)) && readsJson(resource.getResourceMethod())) {
            JsonContent.require(type);
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "the request body is empty, expected a JSON object",
                    "send {} if there is nothing to say");
        }
    }

    private static boolean isEmpty(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null : length.equals("0");
    }

    private static boolean readsJson(Method method) {
        Consumes consumes = consumes(method);
        return consumes != null
                && !method.isAnnotationPresent(OptionalBody.class)
                && Arrays.equals(consumes.value(), new String[] {MediaType.APPLICATION_JSON})
                && Arrays.stream(method.getParameters()).anyMatch(parameter -> parameter.getAnnotations().length == 0);
    }

    private static @Nullable Consumes consumes(Method method) {
        Consumes own = method.getAnnotation(Consumes.class);
        return own == null ? method.getDeclaringClass().getAnnotation(Consumes.class) : own;
    }
}
