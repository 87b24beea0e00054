package io.holdfast.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One agent of a cluster over HTTP. Operations are signed with the cluster's key, as docs/cluster.md says: {@code Holdfast-Signature:
 * t=SECONDS,n=NONCE,s=HEX}.
 */
final class AgentClient {

    private static final int CONNECT_MILLIS = 3_000;
    private static final int READ_MILLIS = 90_000;
    private static final String ALGORITHM = "HmacSHA256";

    private final String baseUrl;
    private final @Nullable Path keyFile;
    private final Clock clock;

    /** @param keyFile null if there is none; only looking works then */
    AgentClient(String baseUrl, @Nullable Path keyFile, Clock clock) {
        this.baseUrl = GivenUrl.base(baseUrl);
        this.keyFile = keyFile;
        this.clock = clock;
    }

    String baseUrl() {
        return baseUrl;
    }

    /** Looks at something that everybody may see. */
    Map<String, Object> get(String path) {
        return send("GET", path, null, false);
    }

    /** Looks at something that only who has the cluster's key may see. */
    Map<String, Object> getSigned(String path) {
        return send("GET", path, null, true);
    }

    Map<String, Object> post(String path, Map<String, ?> body) {
        return send("POST", path, body, true);
    }

    /**
     * Keeps an answer of JSON lines in a file that only the user can read, if it is whole: the first line tells in {@code changes} how
     * many follow.
     *
     * @return how many follow
     */
    long downloadLines(String path, Path target) {
        GivenFile.requireReplaceable(target);
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            HttpURLConnection connection = open("GET", path);
            try {
                connection.setRequestProperty("Holdfast-Signature", sign("GET", path, new byte[0]));
                if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                    answer(connection);
                }
                Files.deleteIfExists(part);
                PrivateFile.create(part);
                long lines = -1;
                long expected;
                try (BufferedReader in = new BufferedReader(
                                new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
                        BufferedWriter out = Files.newBufferedWriter(part)) {
                    String line = in.readLine();
                    Map<String, Object> head = line == null ? Map.of() : JSON.std.mapFrom(line);
                    expected = head.get("changes") instanceof Number number ? number.longValue() : -1;
                    for (; line != null; line = in.readLine()) {
                        out.write(line);
                        out.write('\n');
                        lines++;
                    }
                }
                if (lines < 0 || lines != expected) {
                    Files.deleteIfExists(part);
                    throw new CliFailure(
                            ExitCode.FAILED,
                            "the answer ended after " + Math.max(0, lines) + " changes, expected " + expected
                                    + "; nothing was kept, try again");
                }
                Files.move(part, target);
                return lines;
            } finally {
                connection.disconnect();
            }
        } catch (FileSystemException e) {
            throw new CliFailure(ExitCode.FAILED, "cannot write " + target + ": " + e, e);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** Whether an agent answers there, in a moment. */
    boolean answers() {
        try {
            HttpURLConnection connection = open("GET", "/health");
            connection.setConnectTimeout(500);
            connection.setReadTimeout(1_000);
            try {
                return connection.getResponseCode() > 0;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }

    private Map<String, Object> send(String method, String path, @Nullable Map<String, ?> body, boolean signed) {
        try {
            byte[] bytes = body == null ? new byte[0] : JSON.std.asBytes(body);
            HttpURLConnection connection = open(method, path);
            try {
                if (signed) {
                    connection.setRequestProperty("Holdfast-Signature", sign(method, path, bytes));
                }
                if (body != null) {
                    connection.setDoOutput(true);
                    connection.setFixedLengthStreamingMode(bytes.length);
                    try (OutputStream out = connection.getOutputStream()) {
                        out.write(bytes);
                    }
                }
                return answer(connection);
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private CliFailure unreachable(IOException e) {
        return new CliFailure(
                ExitCode.UNREACHABLE,
                "no agent answers at " + baseUrl + ": " + e.getMessage()
                        + "\nask another node with --agent URL; its log is NODE/log/agent.0.log",
                e);
    }

    private HttpURLConnection open(String method, String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(baseUrl + path).toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setRequestProperty("Content-Type", "application/json");
        return connection;
    }

    private static Map<String, Object> answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        byte[] body;
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            body = in == null ? new byte[0] : in.readAllBytes();
        }
        Map<String, Object> said;
        try {
            said = body.length == 0 ? Map.of() : JSON.std.mapFrom(body);
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.FAILED,
                    "what answers is no agent: " + status + " " + new String(body, StandardCharsets.UTF_8).strip(),
                    e);
        }
        if (status < 400) {
            return said;
        }
        String hint = said.get("hint") == null ? "" : "\n" + said.get("hint");
        throw new CliFailure(
                exitCode(status, String.valueOf(said.get("error_code"))),
                status + ": " + said.getOrDefault("detail", "the agent refused") + hint);
    }

    private static int exitCode(int status, String code) {
        return switch (status) {
            case 400 -> ExitCode.USAGE;
            case 401, 403 -> ExitCode.UNAUTHORIZED;
            case 404 -> ExitCode.NOT_FOUND;
            case 409 -> ExitCode.REFUSED;
            case 502 -> ExitCode.UNREACHABLE;
            case 503 -> code.equals("no_active_node") ? ExitCode.DEGRADED : ExitCode.CONFLICT;
            case 504 -> ExitCode.TIMEOUT;
            default -> ExitCode.FAILED;
        };
    }

    private String sign(String method, String path, byte[] body) {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return sign(method, path, HexFormat.of().formatHex(random), body);
    }

    String sign(String method, String path, String nonce, byte[] body) {
        if (keyFile == null) {
            throw new CliFailure(
                    ExitCode.UNAUTHORIZED,
                    "this needs the cluster's key: name its file with --key-file FILE (on a node it is"
                            + " NODE/cluster.key)");
        }
        String key = GivenFile.read(keyFile, "the cluster's key").strip();
        try {
            String seconds = Long.toString(clock.instant().getEpochSecond());
            String sum = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(body));
            String text = String.join("\n", method, path, seconds, nonce, sum);
            byte[] operations = hmac(key.getBytes(StandardCharsets.UTF_8), "operations");
            return "t=" + seconds + ",n=" + nonce + ",s=" + HexFormat.of().formatHex(hmac(operations, text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(new SecretKeySpec(key, ALGORITHM));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
}
