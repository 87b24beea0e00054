package io.holdfast.inventory.content.storage;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.content.app.RemoteFiles;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** Follows redirects, but not from https to http. */
@Singleton
class HttpRemoteFiles implements RemoteFiles {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final long MAX_BYTES = 4L * 1024 * 1024 * 1024;

    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(CONNECT)
            .build();

    @Override
    public void fetch(String url, Path into) throws IOException {
        URI uri = parsed(url);
        try {
            HttpResponse<InputStream> response = client.send(
                    HttpRequest.newBuilder(uri).timeout(ANSWER).GET().build(), BodyHandlers.ofInputStream());
            try (InputStream in = response.body();
                    OutputStream out = Files.newOutputStream(into)) {
                if (response.statusCode() >= 400) {
                    throw new ManagerException(
                            ErrorCode.PARAM_URL_NOT_FOUND,
                            "Cannot fetch URL: " + url + " answered " + response.statusCode(),
                            "see whether the URL can be read without logging in");
                }
                byte[] buffer = new byte[64 * 1024];
                long bytes = 0;
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    bytes += read;
                    if (bytes > MAX_BYTES) {
                        throw new ManagerException(
                                ErrorCode.PAYLOAD_TOO_LARGE, url + " has more than " + MAX_BYTES + " bytes", null);
                    }
                    out.write(buffer, 0, read);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(url, e);
        } catch (IOException e) {
            throw unreachable(url, e);
        }
    }

    private static URI parsed(String url) {
        try {
            URI uri = URI.create(url);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // The refusal below quotes it.
        }
        throw new ManagerException(ErrorCode.BAD_PARAMETERS, "Invalid URL " + url, "http://… or https://…");
    }

    private static ManagerException unreachable(String url, Exception e) {
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new ManagerException(
                ErrorCode.BAD_PARAMETERS, "Cannot fetch URL: " + url + " (" + reason + ")", null, e);
    }
}
