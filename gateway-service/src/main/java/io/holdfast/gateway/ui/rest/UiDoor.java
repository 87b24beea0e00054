package io.holdfast.gateway.ui.rest;

import io.holdfast.gateway.ui.UiPath;
import io.holdfast.gateway.ui.UiPath.Elsewhere;
import io.holdfast.gateway.ui.UiPath.Served;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Serves the Web UI below {@code /ui/}, to everybody: its files hold no secret, and what they show is asked of the API. Also on a node
 * that is not active: the API behind is handed on. Browsers ask each time whether a file is still the same, so that a new version of the
 * manager is never met by pages of the old one.
 */
@ApplicationScoped
public class UiDoor {

    /** Below the door of the API: a path is never of both. */
    private static final int PRIORITY = 400;

    private static final String FOLDER = "web-ui/";

    /** The pages load nothing from elsewhere, hold no scripts or styles of their own, and are shown in no frame. */
    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** The style sheet of the page of the API has its icons in it. */
    private static final String POLICY_OF_API = POLICY + "; img-src 'self' data:";

    private static final Map<String, String> HEADERS =
            Map.of("X-Content-Type-Options", "nosniff", "Referrer-Policy", "no-referrer", "Cache-Control", "no-cache");

    private static final Logger LOG = Logger.getLogger(UiDoor.class);

    private final Map<String, Asset> assets = new ConcurrentHashMap<>();

    /** @param etag quoted */
    private record Asset(Buffer content, String etag) {}

    void register(@Observes Filters filters) {
        filters.register(this::enter, PRIORITY);
    }

    private void enter(RoutingContext context) {
        Optional<UiPath> found = UiPath.of(context.normalizedPath());
        if (found.isEmpty()) {
            context.next();
            return;
        }
        HttpServerResponse response = context.response();
        HttpMethod method = context.request().method();
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            response.setStatusCode(405).putHeader("Allow", "GET, HEAD").end();
        } else if (found.get() instanceof Elsewhere) {
            response.setStatusCode(302).putHeader("Location", UiPath.ROOT).end();
        } else if (found.get() instanceof Served file) {
            serve(context, file);
        } else {
            missing(response);
        }
    }

    private void serve(RoutingContext context, Served file) {
        Asset known = assets.get(file.name());
        if (known != null) {
            answer(context, file, known);
            return;
        }
        context.vertx()
                .executeBlocking(() -> read(file.name()), false)
                .onSuccess(read -> {
                    if (read.isPresent()) {
                        assets.put(file.name(), read.get());
                        answer(context, file, read.get());
                    } else {
                        missing(context.response());
                    }
                })
                .onFailure(failure -> {
                    LOG.errorf(failure, "the Web UI's file %s cannot be read", file.name());
                    context.response().setStatusCode(500).end();
                });
    }

    private static void answer(RoutingContext context, Served file, Asset asset) {
        HttpServerResponse response = context.response();
        HEADERS.forEach(response::putHeader);
        response.putHeader("Content-Security-Policy", file.equals(UiPath.API) ? POLICY_OF_API : POLICY);
        response.putHeader("ETag", asset.etag());
        if (asset.etag().equals(context.request().getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader("Content-Type", file.mediaType());
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.putHeader(
                            "Content-Length", Integer.toString(asset.content().length()))
                    .end();
        } else {
            response.end(asset.content());
        }
    }

    private static void missing(HttpServerResponse response) {
        response.setStatusCode(404)
                .putHeader("Content-Type", "text/plain;charset=UTF-8")
                .end("The Web UI has no such file; it begins at " + UiPath.ROOT + "\n");
    }

    private static Optional<Asset> read(String name) {
        try (@Nullable
                InputStream in = Thread.currentThread().getContextClassLoader().getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] content = in.readAllBytes();
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 16);
            return Optional.of(new Asset(Buffer.buffer(content), '"' + digest + '"'));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FOLDER + name, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
