package io.holdfast.gateway.routing;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A request's path, decoded once, cut into segments and free of every trick: no dot segments, no empty ones, no encoded slashes or
 * control characters. Whatever goes on to a service is written anew from these segments, so that no service can read another path
 * than the one that was checked.
 *
 * @param dialect which API it belongs to
 * @param segments decoded segments below the API's prefix, at least one
 * @param directory whether a slash ended it, which only the file server allows
 */
public record ApiPath(Dialect dialect, List<String> segments, boolean directory) {

    /** The APIs, which differ in their errors and routes. */
    public enum Dialect {
        /** The manager API: {@code /api/v3.1} and its older names. */
        MANAGER,
        /** The manager's file server: {@code /resources}, which is the first segment, too. Errors are the manager API's. */
        FILES,
        /** Our own: {@code /api/holdfast/v1}. */
        HOLDFAST
    }

    private static final String FILES = "resources";

    private static final Set<String> MANAGER_VERSIONS = Set.of("v1", "v2", "v2.1", "v3", "v3.1");

    public ApiPath {
        segments = List.copyOf(segments);
    }

    public ApiPath(Dialect dialect, List<String> segments) {
        this(dialect, segments, false);
    }

    /** What a raw path is. */
    public sealed interface Parsed {}

    /** A path below an API. */
    public record Found(ApiPath path) implements Parsed {}

    /** No resource can be there. */
    public record Unknown() implements Parsed {}

    /** A path that no honest client writes. {@code reason} says what is wrong with it. */
    public record Refused(String reason) implements Parsed {}

    /** Whether a raw or normalised path is the gateway's business at all. */
    public static boolean concerns(String path) {
        return path.equals("/api") || path.startsWith("/api/") || isFile(path);
    }

    private static boolean isFile(String path) {
        return path.equals("/" + FILES) || path.startsWith("/" + FILES + "/");
    }

    /** Which API's errors a client expects that asks for a path, whatever is there. */
    public static Dialect dialectOf(String rawPath) {
        if (isFile(rawPath)) {
            return Dialect.FILES;
        }
        return rawPath.startsWith("/api/holdfast/") ? Dialect.HOLDFAST : Dialect.MANAGER;
    }

    /** @param rawPath as it came over the wire: encoded, without the query */
    public static Parsed parse(String rawPath) {
        List<String> segments = new ArrayList<>();
        for (String raw : rawPath.substring(1).split("/", -1)) {
            Optional<String> decoded = decode(raw);
            if (decoded.isEmpty()) {
                return new Refused("the path is not properly percent-encoded UTF-8");
            }
            String segment = decoded.get();
            if (segment.equals(".") || segment.equals("..")) {
                return new Refused("the path has dot segments");
            }
            if (segment.indexOf('/') >= 0 || segment.indexOf('\\') >= 0) {
                return new Refused("the path has encoded slashes; ids and names in it cannot have `/` or `\\`");
            }
            if (segment.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
                return new Refused("the path has control characters");
            }
            segments.add(segment);
        }
        boolean directory = isFile(rawPath) && segments.get(segments.size() - 1).isEmpty();
        if (directory) {
            segments.remove(segments.size() - 1);
        }
        if (isArchiveOfLogBundle(segments)) {
            segments.remove(segments.indexOf(""));
        }
        if (segments.stream().anyMatch(String::isEmpty)) {
            return new Unknown();
        }
        return isFile(rawPath) ? new Found(new ApiPath(Dialect.FILES, segments, directory)) : classify(segments);
    }

    /** The one URL that the existing product's client makes with a slash too many: {@code /api/v3.1/log-bundles//ID/archive}. */
    private static boolean isArchiveOfLogBundle(List<String> segments) {
        return segments.size() == 6
                && segments.get(2).equals("log-bundles")
                && segments.get(3).isEmpty()
                && !segments.get(4).isEmpty()
                && segments.get(5).equals("archive")
                && MANAGER_VERSIONS.contains(segments.get(1));
    }

    private static Parsed classify(List<String> segments) {
        if (segments.size() == 2 && segments.get(1).equals("version")) {
            return new Found(new ApiPath(Dialect.MANAGER, List.of("version")));
        }
        if (segments.size() >= 3 && MANAGER_VERSIONS.contains(segments.get(1))) {
            return new Found(new ApiPath(Dialect.MANAGER, segments.subList(2, segments.size())));
        }
        if (segments.size() >= 4
                && segments.get(1).equals("holdfast")
                && segments.get(2).equals("v1")) {
            return new Found(new ApiPath(Dialect.HOLDFAST, segments.subList(3, segments.size())));
        }
        return new Unknown();
    }

    /** Encoded anew: only unreserved characters of RFC 3986 stay as they are. */
    public String encoded() {
        StringBuilder path = new StringBuilder();
        for (String segment : segments) {
            if (path.length() > 0) {
                path.append('/');
            }
            for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
                char c = (char) (b & 0xff);
                if (isUnreserved(c)) {
                    path.append(c);
                } else {
                    path.append('%').append(hex(c >> 4)).append(hex(c & 0xf));
                }
            }
        }
        return directory ? path.append('/').toString() : path.toString();
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    private static char hex(int digit) {
        return "0123456789ABCDEF".charAt(digit);
    }

    private static Optional<String> decode(String raw) {
        if (raw.indexOf('%') < 0 && raw.chars().allMatch(c -> c < 0x80)) {
            return Optional.of(raw);
        }
        ByteBuffer bytes = ByteBuffer.allocate(raw.length() * 4);
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                boolean complete = i + 2 < raw.length();
                int high = complete ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = complete ? Character.digit(raw.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return Optional.empty();
                }
                bytes.put((byte) (high * 16 + low));
                i += 2;
            } else if (c < 0x80) {
                bytes.put((byte) c);
            } else {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(bytes.flip())
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
