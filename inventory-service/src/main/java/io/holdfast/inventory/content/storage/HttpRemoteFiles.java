package io.holdfast.inventory.content.storage;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.NoAnswer;
import io.holdfast.inventory.content.app.LocalAddresses;
import io.holdfast.inventory.content.app.RemoteFiles;
import io.holdfast.inventory.content.app.RemoteFilesConfig;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Follows redirects, but not from https to http, and looks at each place that one leads to. */
@Singleton
class HttpRemoteFiles implements RemoteFiles {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final long MAX_BYTES = 4L * 1024 * 1024 * 1024;
    private static final int MAX_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final RemoteFilesConfig config;
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build();

    HttpRemoteFiles(RemoteFilesConfig config) {
        this.config = config;
    }

    @Override
    public void fetch(String url, Path into, CallerIdentity caller) throws IOException {
        try {
            HttpResponse<InputStream> response = ask(url, caller.admin() || config.allowLocal());
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

    private HttpResponse<InputStream> ask(String url, boolean localToo) throws IOException, InterruptedException {
        URI at = parsed(url);
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            if (!localToo) {
                refuseLocal(at);
            }
            HttpResponse<InputStream> response =
                    client.send(HttpRequest.newBuilder(at).timeout(ANSWER).GET().build(), BodyHandlers.ofInputStream());
            Optional<String> location = response.headers().firstValue("Location");
            if (!REDIRECTS.contains(response.statusCode()) || location.isEmpty()) {
                return response;
            }
            response.body().close();
            URI next = parsed(resolved(at, location.get()));
            if (isSecure(at) && !isSecure(next)) {
                throw new IOException("it leads from https to " + next);
            }
            at = next;
        }
        throw new IOException("it leads from one place to another more than " + MAX_REDIRECTS + " times");
    }

    private static String resolved(URI at, String location) throws IOException {
        try {
            return at.resolve(location).toString();
        } catch (IllegalArgumentException e) {
            throw new IOException("it leads to `" + location + "`, which is no URL", e);
        }
    }

    private static boolean isSecure(URI url) {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    private static void refuseLocal(URI url) throws IOException {
        Optional<InetAddress> local = LocalAddresses.of(url);
        if (local.isPresent()) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "Cannot fetch URL: " + url + " is at the address "
                            + local.get().getHostAddress()
                            + " of the manager itself or of its link, which is not allowed",
                    "upload the archive itself, or ask an administrator: holdfast.inventory.uploads.allow-local");
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
        return new ManagerException(
                ErrorCode.BAD_PARAMETERS, "Cannot fetch URL: " + url + " (" + NoAnswer.why(e) + ")", null, e);
    }
}
