package io.holdfast.archive;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Names inside an archive. They are for people: a reader finds rows and content by the manifest and never parses a name. All names
 * are ASCII; segments that come from ids are percent-encoded, so no id can leave its folder.
 */
public final class ArchiveNames {

    /** The version of the format that this software writes, and the newest that it reads. */
    public static final int FORMAT_VERSION = 1;

    /** {@code product} in metadata.json: what tells our archives from others. */
    public static final String PRODUCT = "holdfast";

    public static final String METADATA = "metadata.json";
    public static final String AGENTS = "agents.json";
    public static final String SECURITY = "security.json";
    public static final String MANIFEST = "manifest.json";

    /** A segment longer than this is cut and ends in a part of its hash: file systems stop at 255 bytes. */
    private static final int MAX_SEGMENT = 200;

    private ArchiveNames() {}

    /** Folder of a table, without a slash at its end. Events and logs live where earlier products kept them, in {@code es_data}. */
    public static String tableFolder(String schema, String table) {
        return schema.equals("scheduler") && table.equals("events")
                ? "es_data/events"
                : "state/" + segment(schema) + "/" + segment(table);
    }

    public static String columns(String schema, String table) {
        return tableFolder(schema, table) + "/columns.json";
    }

    /** Rows of a table whose lowest and highest order numbers are {@code from} and {@code to}. */
    public static String rows(String schema, String table, long from, long to) {
        return String.format("%s/%012d-%012d.copy", tableFolder(schema, table), from, to);
    }

    /** @param extension {@code wgn} or {@code zip} */
    public static String plugin(String tenant, String pluginId, String extension) {
        return "plugins/" + segment(tenant) + "/" + segment(pluginId) + "." + extension;
    }

    public static String uploadedBlueprint(String tenant, String blueprintId, String extension) {
        return "uploaded-blueprints/" + segment(tenant) + "/" + segment(blueprintId) + "." + extension;
    }

    /** Folder of a blueprint's extracted copy, with a slash at its end. */
    public static String blueprintFolder(String tenant, String blueprintId) {
        return "blueprints/" + segment(tenant) + "/" + segment(blueprintId) + "/";
    }

    public static String deployment(String tenant, String deploymentId) {
        return "deployments/" + segment(tenant) + "/" + segment(deploymentId) + ".zip";
    }

    public static String agentKey(String tenant, String deploymentId, String nodeId) {
        return "snapshot-credentials/" + segment(tenant + "_" + deploymentId + "_" + nodeId) + "/agent_key";
    }

    public static String ui(String path) {
        return "ui/" + path(path);
    }

    /** Content that no other name carries. */
    public static String content(String sha256) {
        return "content/" + segment(sha256);
    }

    /** Each segment of a relative path, encoded; empty ones are left out. */
    public static String path(String relativePath) {
        StringBuilder out = new StringBuilder();
        for (String part : relativePath.split("/")) {
            if (!part.isEmpty()) {
                out.append(out.isEmpty() ? "" : "/").append(segment(part));
            }
        }
        return out.toString();
    }

    /** One segment: {@code A-Za-z0-9_.~-} stay, other bytes of its UTF-8 are percent-encoded; {@code .} and {@code ..} are, too. */
    public static String segment(String text) {
        if (text.equals(".") || text.equals("..")) {
            return text.replace(".", "%2E");
        }
        StringBuilder out = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '_'
                    || c == '.'
                    || c == '~'
                    || c == '-') {
                out.append(c);
            } else {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        if (out.length() > MAX_SEGMENT) {
            String hash = Hashes.hex(Hashes.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
            return out.substring(0, MAX_SEGMENT - 17) + "~" + hash.substring(0, 16);
        }
        return out.toString();
    }
}
