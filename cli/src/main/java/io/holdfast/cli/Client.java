package io.holdfast.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The public API over HTTP. Built on {@link HttpURLConnection}, because it loads a tenth of the classes of the newer client and a
 * command line is mostly start-up.
 */
final class Client {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 600_000;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final String baseUrl;
    private final String authorization;
    private final String tenant;

    Client(String baseUrl, String username, String password, String tenant) {
        this.baseUrl = GivenUrl.base(baseUrl);
        this.authorization = "Basic "
                + Base64.getEncoder().encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
        this.tenant = tenant;
    }

    String baseUrl() {
        return baseUrl;
    }

    /** The tenant that requests are about. */
    String tenant() {
        return tenant;
    }

    /** An id or name as one segment of a path. */
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    Map<String, Object> get(String path) {
        return send("GET", path, null);
    }

    /** The items of a list, with what the envelope says of their total. */
    Page list(String path) {
        Map<String, Object> envelope = get(path);
        long total = -1;
        if (envelope.get("metadata") instanceof Map<?, ?> metadata
                && metadata.get("pagination") instanceof Map<?, ?> pagination
                && pagination.get("total") instanceof Number number) {
            total = number.longValue();
        }
        List<Map<String, Object>> items = Json.objects(envelope.get("items"));
        return new Page(items, total < 0 ? items.size() : total);
    }

    record Page(List<Map<String, Object>> items, long total) {}

    /** For the few resources whose answer is a bare list. */
    List<Map<String, Object>> array(String path) {
        HttpURLConnection connection = open("GET", path);
        try {
            if (connection.getResponseCode() >= 400) {
                answer(connection);
            }
            try (InputStream in = connection.getInputStream()) {
                return Json.objects(parsed(in.readAllBytes()));
            }
        } catch (IOException e) {
            throw unreachable(e);
        } finally {
            connection.disconnect();
        }
    }

    /** @param body null for none; answers an empty map where the server answers nothing */
    Map<String, Object> send(String method, String path, @Nullable Map<String, ?> body, int... alsoFine) {
        HttpURLConnection connection = open(method, path);
        try {
            if (body != null) {
                byte[] bytes = JSON.std.asString(body).getBytes(StandardCharsets.UTF_8);
                connection.setDoOutput(true);
                connection.setFixedLengthStreamingMode(bytes.length);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(bytes);
                }
            } else if (!method.equals("GET")) {
                connection.setDoOutput(true);
                connection.setFixedLengthStreamingMode(0);
                connection.getOutputStream().close();
            }
            return answer(connection, alsoFine);
        } catch (IOException e) {
            throw unreachable(e);
        } finally {
            connection.disconnect();
        }
    }

    /** Streams a file up, chunked: the size of what the server must keep is not known to proxies, only to us. */
    Map<String, Object> upload(String path, Path file, Progress progress) {
        return upload("PUT", path, file, progress);
    }

    /** As {@link #upload(String, Path, Progress)}, with the method that the resource wants. */
    Map<String, Object> upload(String method, String path, Path file, Progress progress) {
        HttpURLConnection connection = open(method, path);
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/octet-stream");
        connection.setChunkedStreamingMode(BUFFER_BYTES);
        try {
            try (InputStream in = GivenFile.open(file);
                    OutputStream out = connection.getOutputStream()) {
                copy(in, out, progress);
            } catch (ConnectException | UnknownHostException e) {
                throw unreachable(e);
            } catch (IOException e) {
                // The server may have answered before it read everything, for example with a refusal: that answer
                // counts.
                if (!hasAnswer(connection)) {
                    throw unreachable(e);
                }
            }
            return answer(connection);
        } catch (IOException e) {
            throw unreachable(e);
        } finally {
            connection.disconnect();
        }
    }

    /** Downloads aside, checks the length, renames. @return the size in bytes */
    long download(String path, Path target, Progress progress) {
        GivenFile.requireReplaceable(target);
        HttpURLConnection connection = open("GET", path);
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                answer(connection);
            }
            long expected = connection.getContentLengthLong();
            progress.total(expected);
            long bytes;
            try (InputStream in = connection.getInputStream();
                    OutputStream out = new LocalFile(part)) {
                bytes = copy(in, out, progress);
            }
            if (expected >= 0 && bytes != expected) {
                Files.deleteIfExists(part);
                throw new CliFailure(
                        ExitCode.FAILED,
                        "the download ended after " + bytes + " of " + expected + " bytes; nothing was kept");
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            return bytes;
        } catch (FileSystemException e) {
            deleteQuietly(part);
            throw new CliFailure(ExitCode.FAILED, "cannot write " + target + ": " + LocalFile.reason(e), e);
        } catch (IOException e) {
            deleteQuietly(part);
            throw unreachable(e);
        } finally {
            connection.disconnect();
        }
    }

    /** Tells a full disk from a lost connection: what fails here is a {@link FileSystemException}. */
    private static final class LocalFile extends FilterOutputStream {

        private final Path file;

        LocalFile(Path file) throws IOException {
            super(Files.newOutputStream(file));
            this.file = file;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                FileSystemException local = new FileSystemException(file.toString(), null, e.getMessage());
                local.initCause(e);
                throw local;
            }
        }

        static String reason(FileSystemException e) {
            if (e instanceof NoSuchFileException) {
                return "the directory does not exist";
            }
            return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
        }
    }

    private static void deleteQuietly(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + part, e);
        }
    }

    private static boolean hasAnswer(HttpURLConnection connection) {
        try {
            return connection.getResponseCode() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static long copy(InputStream in, OutputStream out, Progress progress) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long done = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
            done += n;
            progress.at(done);
        }
        progress.end(done);
        return done;
    }

    /**
     * The whole address. What no path can carry is refused here, in words about the id or name and not about the path.
     *
     * @param path with its ids and names as {@link #segment} gives them
     */
    private URI address(String path) {
        String withoutQuery = path.split("\\?", 2)[0];
        for (String encoded : withoutQuery.substring(1).split("/", -1)) {
            String segment = URLDecoder.decode(encoded, StandardCharsets.UTF_8);
            String wrong = segment.isEmpty()
                    ? "it is empty"
                    : segment.equals(".") || segment.equals("..")
                            ? "a path would mean something else by it"
                            : segment.indexOf('/') >= 0 || segment.indexOf('\\') >= 0
                                    ? "it has `/` or `\\`"
                                    : segment.chars().anyMatch(Character::isISOControl)
                                            ? "it has control characters"
                                            : null;
            if (wrong != null) {
                throw new CliFailure(
                        ExitCode.USAGE,
                        "'" + segment.replaceAll("\\p{Cntrl}", "?") + "' is no id or name: " + wrong
                                + "; letters, digits, `-`, `.` and `_` are always allowed");
            }
        }
        return URI.create(baseUrl + path);
    }

    private HttpURLConnection open(String method, String path) {
        URI address = address(path);
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setRequestMethod(method);
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(READ_MILLIS);
            connection.setInstanceFollowRedirects(false);
            connection.setRequestProperty("Authorization", authorization);
            connection.setRequestProperty("Tenant", tenant);
            connection.setRequestProperty("Accept", "application/json, application/problem+json;q=0.9, */*;q=0.1");
            connection.setRequestProperty("Content-Type", "application/json");
            return connection;
        } catch (IOException | IllegalArgumentException e) {
            throw new CliFailure(ExitCode.USAGE, "not a URL that can be asked: " + baseUrl, e);
        }
    }

    private Map<String, Object> answer(HttpURLConnection connection, int... alsoFine) throws IOException {
        int status = connection.getResponseCode();
        for (int fine : alsoFine) {
            if (status == fine) {
                return Map.of();
            }
        }
        if (status < 400) {
            try (InputStream in = connection.getInputStream()) {
                Object value = parsed(in.readAllBytes());
                return value instanceof Map ? Json.object(value) : Map.of();
            }
        }
        throw failure(status, connection);
    }

    private @Nullable Object parsed(byte[] body) {
        try {
            return body.length == 0 ? null : JSON.std.anyFrom(body);
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE,
                    "what answers at " + baseUrl
                            + " is no manager: it sent no JSON\nsay where one is with --url or HOLDFAST_URL",
                    e);
        }
    }

    /** With the newer client: the older one refuses to send a PATCH. */
    Map<String, Object> patch(String path, Map<String, ?> body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(address(path))
                    .method("PATCH", HttpRequest.BodyPublishers.ofString(JSON.std.asString(body)))
                    .timeout(Duration.ofMillis(READ_MILLIS))
                    .header("Authorization", authorization)
                    .header("Tenant", tenant)
                    .header("Content-Type", "application/json")
                    .build();
            HttpResponse<String> response = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofMillis(CONNECT_MILLIS))
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 400) {
                throw failure(response.statusCode(), response.body());
            }
            return response.body().isBlank() ? Map.of() : JSON.std.mapFrom(response.body());
        } catch (IOException e) {
            throw unreachable(e);
        } catch (IllegalArgumentException e) {
            throw new CliFailure(ExitCode.USAGE, "not a URL that can be asked: " + baseUrl, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure(ExitCode.FAILED, "interrupted", e);
        }
    }

    private CliFailure failure(int status, HttpURLConnection connection) throws IOException {
        try (InputStream in = connection.getErrorStream()) {
            return failure(status, in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private CliFailure failure(int status, String text) {
        String message = text.isBlank() ? "the server answered " + status : text;
        String code = "";
        try {
            Map<String, Object> body = text.isBlank() ? Map.of() : JSON.std.mapFrom(text);
            Object said = body.getOrDefault("message", body.get("detail"));
            if (said != null) {
                message = said.toString();
            }
            if (body.get("hint") != null) {
                message = message + "\n" + body.get("hint");
            }
            code = String.valueOf(body.get("error_code"));
        } catch (IOException e) {
            message = "the server answered " + status + ", not in JSON: " + text.strip();
        }
        boolean mayPass = status == 502 || status == 503 || status == 504;
        return new CliFailure(ExitCode.of(status, code), status + ": " + message, null, mayPass);
    }

    private CliFailure unreachable(IOException e) {
        if (e instanceof SocketTimeoutException) {
            return new CliFailure(ExitCode.TIMEOUT, baseUrl + " did not answer in time", e);
        }
        return new CliFailure(
                ExitCode.UNREACHABLE,
                "cannot reach a manager at " + baseUrl + ": " + e.getMessage()
                        + "\nstart one with ./holdfast up, or say where it is with --url or HOLDFAST_URL",
                e);
    }
}
