package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The files of deployments and blueprints, on the running service. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class FileServerIT extends WritesCase {

    private static final String DIRECTORY = "/resources/deployments/t1/d";
    private static final String TIME = "2026-01-31T12:00:00.123457+00:00";
    private static final String WHOLE_SECOND = "1999-12-31T18:00:00+00:00";

    @BeforeEach
    void fill() {
        upload("b", """
            tosca_definitions_version: cloudify_dsl_1_4
            node_types: {t: {}}
            node_templates: {web: {type: t}}
            """);
        deploy("d", "b");
    }

    private static Response put(Api api, String path, String content) {
        return api.send(
                "PUT",
                path,
                request -> request.contentType("application/json").body(content.getBytes(StandardCharsets.UTF_8)));
    }

    private static Response put(Api api, String path, String content, String modifiedAt) {
        return api.send(
                "PUT",
                path,
                request -> request.multiPart("file", "any/name", content.getBytes(StandardCharsets.UTF_8))
                        .multiPart("mtime", modifiedAt));
    }

    private static Response extract(Api api, String path, byte[] archive) {
        return api.send(
                "PUT",
                path + "?extract=yes",
                request -> request.contentType("application/json").body(archive));
    }

    private static byte[] tar(TarArchiveEntry... entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(bytes))) {
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (TarArchiveEntry entry : entries) {
                byte[] content = entry.isFile() ? entry.getName().getBytes(StandardCharsets.UTF_8) : new byte[0];
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** As GNU tar writes a name that is too long for the header. */
    private static byte[] longName(int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(bytes))) {
            TarArchiveEntry name = new TarArchiveEntry(TarConstants.GNU_LONGLINK, TarConstants.LF_GNUTYPE_LONGNAME);
            name.setSize(length);
            tar.putArchiveEntry(name);
            tar.write("n".repeat(length).getBytes(StandardCharsets.UTF_8));
            tar.closeArchiveEntry();
            tar.putArchiveEntry(new TarArchiveEntry("n"));
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static TarArchiveEntry entry(String name, String time) {
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setLastModifiedTime(FileTime.from(Instant.parse(time)));
        return entry;
    }

    private static byte[] zip(String... files) throws IOException {
        Map<String, String> contents = new LinkedHashMap<>();
        for (String file : files) {
            contents.put(file, file);
        }
        return zip(contents);
    }

    private static byte[] zip(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static Map<String, String> unpacked(byte[] tarGz) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GzipCompressorInputStream(new ByteArrayInputStream(tarGz)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.put(entry.getName(), new String(tar.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    private static List<String> names(JsonNode index) {
        List<String> names = new ArrayList<>();
        index.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private long contents() throws SQLException {
        try (Statement statement = rows.connection().createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM inventory.content")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void aFileThatIsPutIsReadAndListedWithItsTimeToTheMicrosecond() {
        assertThat(done(admin.response(DIRECTORY + "/"), 200)).isEmpty();
        // when
        JsonNode answer = done(put(admin, DIRECTORY + "/sub/a%20%2B%C3%A4.txt", "one", TIME), 200);
        done(put(admin, DIRECTORY + "/b.txt", "", WHOLE_SECOND), 200);
        done(put(admin, DIRECTORY + "/raw.bin", "two"), 200);
        // then
        assertThat(answer).isEqualTo(Api.read("{\"sub/a +ä.txt\": \"" + TIME + "\"}"));
        JsonNode index = done(admin.response(DIRECTORY + "/"), 200);
        assertThat(names(index)).containsExactly("b.txt", "raw.bin", "sub/a +ä.txt");
        assertThat(index.get("sub/a +ä.txt").asText()).isEqualTo(TIME);
        assertThat(index.get("b.txt").asText()).isEqualTo(WHOLE_SECOND);
        assertThat(done(admin.response(DIRECTORY + "/.cloudify-index.json"), 200))
                .isEqualTo(index);
        assertThat(done(admin.response(DIRECTORY), 200)).isEqualTo(index);
        assertThat(names(done(admin.response(DIRECTORY + "/sub/"), 200))).containsExactly("a +ä.txt");
        Response file = admin.response(DIRECTORY + "/sub/a%20%2B%C3%A4.txt");
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.asString()).isEqualTo("one");
        assertThat(file.header("Content-Length")).isEqualTo("3");
        assertThat(admin.response(DIRECTORY + "/b.txt").asByteArray()).isEmpty();
        assertThat(admin.response(DIRECTORY + "/raw.bin").asString()).isEqualTo("two");
        // when
        done(put(admin, DIRECTORY + "/b.txt", "three", TIME), 200);
        // then
        assertThat(admin.response(DIRECTORY + "/b.txt").asString()).isEqualTo("three");
        assertThat(done(admin.response(DIRECTORY + "/"), 200).get("b.txt").asText())
                .isEqualTo(TIME);
    }

    @Test
    void anArchiveIsExtractedBesideWhatIsThereAndTheWholeComesBackWithItsIndex() throws IOException {
        // given
        done(put(admin, DIRECTORY + "/kept.txt", "kept", TIME), 200);
        // when
        JsonNode put = done(
                extract(
                        admin,
                        DIRECTORY + "/",
                        tar(
                                entry("./", TIME.replace("+00:00", "Z")),
                                entry("./.cloudify-index.json", "2020-01-01T00:00:00Z"),
                                entry("./a.txt", "2026-01-31T12:00:00.1234567Z"),
                                entry("./sub/b.txt", "2020-01-01T00:00:00Z"))),
                200);
        done(extract(admin, DIRECTORY + "/zipped/", zip("c.txt")), 200);
        // then
        assertThat(put)
                .isEqualTo(Api.read("{\"a.txt\": \"" + TIME + "\", \"sub/b.txt\": \"2020-01-01T00:00:00+00:00\"}"));
        Response whole = admin.response(DIRECTORY + "/?archive=True");
        assertThat(whole.statusCode()).isEqualTo(200);
        Map<String, String> files = unpacked(whole.asByteArray());
        JsonNode index = done(admin.response(DIRECTORY + "/"), 200);
        assertThat(Api.read(files.remove(".cloudify-index.json"))).isEqualTo(index);
        assertThat(files)
                .isEqualTo(Map.of(
                        "a.txt", "./a.txt", "kept.txt", "kept", "sub/b.txt", "./sub/b.txt", "zipped/c.txt", "c.txt"));
        assertThat(unpacked(admin.response(DIRECTORY + "/sub/?archive=true").asByteArray()))
                .containsOnlyKeys(".cloudify-index.json", "b.txt");
        assertThat(unpacked(extractedBack(whole.asByteArray())).keySet())
                .containsExactlyInAnyOrder(".cloudify-index.json", "a.txt", "kept.txt", "sub/b.txt", "zipped/c.txt");
        assertThat(done(admin.response("/resources/deployments/t1/copy/"), 200)).isEqualTo(index);
    }

    /** Put as it came into another deployment. */
    private byte[] extractedBack(byte[] archive) {
        deploy("copy", "b");
        done(extract(admin, "/resources/deployments/t1/copy/", archive), 200);
        return admin.response("/resources/deployments/t1/copy/?archive=1").asByteArray();
    }

    @Test
    void theDirectoryIsTheOneThatDeploymentsShowAndAreTakenOverWith() throws IOException {
        // given
        admin.sendJson(
                        "PUT",
                        "/deployments/old",
                        "{\"blueprint_id\": \"b\", \"workdir_zip\": \""
                                + Base64.getEncoder().encodeToString(zip("a.txt", "../out.txt", "empty/")) + "\"}")
                .then()
                .statusCode(201);
        String directory = "/resources/deployments/t1/old/";
        // then: what leads out of it is not served
        assertThat(names(done(admin.response(directory), 200))).containsExactly("a.txt");
        // when
        done(put(admin, directory + "b.txt", "b", TIME), 200);
        // then
        byte[] shown = Base64.getDecoder()
                .decode(admin.get("/deployments/old?include_workdir=True")
                        .get("workdir_zip")
                        .asText());
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(shown))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(files).isEqualTo(Map.of("a.txt", "a.txt", "b.txt", "b"));
    }

    @Test
    void aDirectoryThatIsTooLargeToBeShownInADeploymentIsToBeFetchedHere() throws SQLException {
        // given
        done(put(admin, DIRECTORY + "/a.txt", "a", TIME), 200);
        try (Statement statement = rows.connection().createStatement()) {
            statement.executeUpdate("UPDATE inventory.content SET size_bytes = 33554433 WHERE sha256 ="
                    + " (SELECT workdir_sha256 FROM inventory.deployments WHERE id = 'd')");
        }
        // then
        refused(
                admin.response("/deployments/d?include_workdir=True"),
                413,
                "payload_too_large_error",
                "the work directory has 33554433 bytes packed, at most 33554432 are answered as workdir_zip");
    }

    @Test
    void filesAndDirectoriesAreDeletedAndTheirContentWithThem() throws SQLException {
        // given
        long before = contents();
        for (String path : List.of("a.txt", "sub/b.txt", "sub/c.txt", "subway.txt")) {
            done(put(admin, DIRECTORY + "/" + path, path, TIME), 200);
        }
        assertThat(contents()).isEqualTo(before + 1);
        // when, then
        done(admin.sendJson("DELETE", DIRECTORY + "/a.txt", null), 204);
        refused(
                admin.sendJson("DELETE", DIRECTORY + "/a.txt", null),
                404,
                "not_found_error",
                "`a.txt` is not in the work directory of deployment `d`");
        refused(admin.response(DIRECTORY + "/a.txt"), 404, "not_found_error", "`a.txt` is not in");
        done(admin.sendJson("DELETE", DIRECTORY + "/sub", null), 204);
        assertThat(names(done(admin.response(DIRECTORY + "/"), 200))).containsExactly("subway.txt");
        done(admin.sendJson("DELETE", DIRECTORY + "/subway.txt", null), 204);
        assertThat(done(admin.response(DIRECTORY + "/"), 200)).isEmpty();
        assertThat(contents()).isEqualTo(before);
        // when: the deployment goes
        done(put(admin, DIRECTORY + "/a.txt", "a", TIME), 200);
        done(admin.sendJson("DELETE", "/deployments/d?force=true", null), 204);
        // then: so does its directory, and a new one of its name begins without
        assertThat(contents()).isEqualTo(before);
        refused(admin.response(DIRECTORY + "/"), 404, "not_found_error", "Requested `Deployment` with ID `d`");
        refused(put(admin, DIRECTORY + "/a.txt", "a"), 404, "not_found_error", "Requested `Deployment` with ID `d`");
        deploy("d", "b");
        assertThat(done(admin.response(DIRECTORY + "/"), 200)).isEmpty();
    }

    @Test
    void writersAtOnceLoseNoFileOfEachOther() throws Exception {
        // given
        int writers = 12;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        List<Future<Response>> answers = new ArrayList<>();
        // when
        for (int i = 0; i < writers; i++) {
            String path = DIRECTORY + "/" + (i % 3) + "/" + i + ".txt";
            String archived = "from-" + i + ".txt";
            answers.add(threads.submit(() -> put(admin, path, path, TIME)));
            answers.add(threads.submit(() -> extract(admin, DIRECTORY + "/", zip(archived))));
            answers.add(threads.submit(() -> admin.response(DIRECTORY + "/?archive=True")));
        }
        for (Future<Response> answer : answers) {
            assertThat(answer.get().statusCode()).as(answer.get().asString()).isEqualTo(200);
        }
        threads.shutdown();
        // then
        assertThat(names(done(admin.response(DIRECTORY + "/"), 200))).hasSize(2 * writers);
    }

    @Test
    void whatIsWrongIsRefusedAndChangesNothing() throws IOException, SQLException {
        // given
        done(put(admin, DIRECTORY + "/a/b.txt", "b", TIME), 200);
        JsonNode index = done(admin.response(DIRECTORY + "/"), 200);
        long before = contents();
        TarArchiveEntry link = new TarArchiveEntry("good.txt", TarConstants.LF_SYMLINK);
        link.setLinkName("/etc/passwd");
        TarArchiveEntry hardLink = new TarArchiveEntry("good.txt", TarConstants.LF_LINK);
        hardLink.setLinkName("/etc/passwd");
        // when, then
        for (byte[] archive : List.of(
                tar(entry("../out.txt", "2020-01-01T00:00:00Z")),
                tar(entry("/out.txt", "2020-01-01T00:00:00Z")),
                tar(entry("good.txt", "2020-01-01T00:00:00Z"), entry("a/../../out.txt", "2020-01-01T00:00:00Z")),
                zip("../out.txt"))) {
            refused(extract(admin, DIRECTORY + "/", archive), 400, "bad_parameters_error", "the archive has the path");
        }
        for (TarArchiveEntry one : List.of(link, hardLink)) {
            refused(
                    extract(admin, DIRECTORY + "/", tar(one)),
                    400,
                    "bad_parameters_error",
                    "`good.txt` of the archive is neither a file nor a directory");
        }
        refused(
                extract(admin, DIRECTORY + "/", "no archive".getBytes(StandardCharsets.UTF_8)),
                400,
                "bad_parameters_error",
                "unrecognized format");
        byte[] whole = tar(entry("c.txt", "2020-01-01T00:00:00Z"));
        refused(
                extract(admin, DIRECTORY + "/", java.util.Arrays.copyOf(whole, whole.length - 12)),
                400,
                "bad_parameters_error",
                "the archive is damaged");
        refused(
                extract(admin, DIRECTORY + "/", longName(2 << 20)),
                400,
                "bad_parameters_error",
                "an entry's name and attributes have more than 1048576 bytes");
        refused(put(admin, DIRECTORY + "/a", "x"), 409, "conflict_error", "`a` cannot be a file and the directory of");
        refused(put(admin, DIRECTORY + "/a/b.txt/c", "x"), 409, "conflict_error", "`a/b.txt` cannot be a file");
        refused(put(admin, DIRECTORY + "/", "x"), 400, "bad_parameters_error", "names no file");
        refused(put(admin, DIRECTORY + "/a/", "x"), 400, "bad_parameters_error", "has the segment ``");
        refused(put(admin, DIRECTORY + "/.cloudify-index.json", "{}"), 400, "bad_parameters_error", "index");
        refused(put(admin, DIRECTORY + "/t", "x", "yesterday"), 400, "bad_parameters_error", "mtime is `yesterday`");
        refused(
                put(admin, DIRECTORY + "/t?extract=perhaps", "x"),
                400,
                "bad_parameters_error",
                "extract is `perhaps`, expected true or false");
        refused(
                admin.send("PUT", DIRECTORY + "/t", request -> request.multiPart("mtime", TIME)),
                400,
                "bad_parameters_error",
                "the request has 0 files, expected one");
        refused(
                admin.send(
                        "PUT",
                        DIRECTORY + "/t",
                        request -> request.contentType("application/json").body(new byte[LIMIT + 1])),
                413,
                "payload_too_large_error",
                "more than " + LIMIT + " bytes");
        refused(
                admin.send(
                        "PUT",
                        DIRECTORY + "/t",
                        request -> request.contentType("application/json").body(new byte[2 * LIMIT])),
                413,
                "payload_too_large_error",
                "more than " + LIMIT + " bytes");
        refused(
                put(admin, DIRECTORY + "/t", "x".repeat(LIMIT)),
                413,
                "payload_too_large_error",
                "the work directory would have " + (LIMIT + 1) + " bytes");
        List<TarArchiveEntry> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            many.add(entry(i + ".txt", "2020-01-01T00:00:00Z"));
        }
        refused(
                extract(admin, DIRECTORY + "/", tar(many.toArray(TarArchiveEntry[]::new))),
                413,
                "payload_too_large_error",
                "the work directory would have 51 files, may have at most 50");
        assertThat(done(admin.response(DIRECTORY + "/"), 200)).isEqualTo(index);
        assertThat(contents()).isEqualTo(before);
    }

    /** As the tests' configuration sets it. */
    private static final int LIMIT = 1024 * 1024;

    @Test
    void onlyWhoSeesADeploymentReadsItsFilesAndOnlyItsTenantChangesThem() {
        // given
        done(bob.sendJson("PUT", "/deployments/mine?private_resource=true", "{\"blueprint_id\": \"b\"}"), 201);
        String mine = "/resources/deployments/t1/mine/";
        done(put(bob, mine + "a.txt", "a", TIME), 200);
        // then
        for (Api allowed : List.of(bob, boss, admin)) {
            assertThat(allowed.response(mine + "a.txt").asString()).isEqualTo("a");
        }
        for (Api not : List.of(eve, stranger, other)) {
            refused(not.response(mine), 404, "not_found_error", "Requested `Deployment` with ID `mine`");
            refused(put(not, mine + "a.txt", "b"), 404, "not_found_error", "Requested `Deployment` with ID `mine`");
            refused(not.sendJson("DELETE", mine + "a.txt", null), 404, "not_found_error", "`mine`");
        }
        refused(bob.response("/resources/deployments/t2/mine/"), 404, "not_found_error", "`mine`");
        // when: a global one
        done(put(admin, DIRECTORY + "/a.txt", "a", TIME), 200);
        done(admin.sendJson("PATCH", "/blueprints/b/set-visibility", "{\"visibility\": \"global\"}"), 200);
        done(admin.sendJson("PATCH", "/deployments/d/set-visibility", "{\"visibility\": \"global\"}"), 200);
        // then
        assertThat(stranger.response(DIRECTORY + "/a.txt").asString()).isEqualTo("a");
        refused(put(stranger, DIRECTORY + "/a.txt", "b"), 400, "illegal_action_error", "global resource `d`");
        refused(
                stranger.sendJson("DELETE", DIRECTORY + "/a.txt", null),
                400,
                "illegal_action_error",
                "global resource");
    }

    @Test
    void blueprintsAreReadAsTheyWereUploadedAndFileByFile() {
        // when
        Response archive = bob.response("/resources/uploaded-blueprints/t1/b/b.tar.gz");
        // then
        assertThat(archive.statusCode()).isEqualTo(200);
        assertThat(archive.asByteArray())
                .isEqualTo(bob.response("/blueprints/b/archive").asByteArray());
        refused(
                bob.response("/resources/uploaded-blueprints/t1/b/other.zip"),
                404,
                "not_found_error",
                "the archive of blueprint `b` is `b.tar.gz`");
        assertThat(names(done(bob.response("/resources/blueprints/t1/b/"), 200)))
                .containsExactly("blueprint.yaml");
        assertThat(bob.response("/resources/blueprints/t1/b/blueprint.yaml").asString())
                .contains("cloudify_dsl_1_4");
        refused(bob.response("/resources/blueprints/t1/b/none"), 404, "not_found_error", "`none` is not in blueprint");
        refused(stranger.response("/resources/blueprints/t1/b/"), 404, "not_found_error", "`Blueprint` with ID `b`");
        // when
        done(admin.sendJson("PATCH", "/blueprints/b/set-visibility", "{\"visibility\": \"global\"}"), 200);
        // then
        assertThat(stranger.response("/resources/blueprints/t1/b/blueprint.yaml")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void pluginsThatComeWithABlueprintAreThereAsZips() throws IOException {
        // given
        byte[] archive = zip(Map.of(
                "app/blueprint.yaml",
                "tosca_definitions_version: cloudify_dsl_1_4\nnode_types: {t: {}}\nnode_templates: {web: {type: t}}\n",
                "app/plugins/mine/setup.py",
                "setup()",
                "app/plugins/mine/mine/__init__.py",
                "pass",
                "app/plugins/mineral/setup.py",
                "other()",
                "app/plugins/packed.zip",
                "as it is"));
        done(
                admin.send(
                        "PUT",
                        "/blueprints/with-plugins",
                        request ->
                                request.contentType("application/octet-stream").body(archive)),
                201);
        String plugins = "/resources/blueprints/t1/with-plugins/plugins/";
        // when
        Response zipped = bob.response(plugins + "mine.zip");
        // then
        assertThat(zipped.statusCode()).isEqualTo(200);
        assertThat(unzipped(zipped.asByteArray()))
                .isEqualTo(Map.of("mine/setup.py", "setup()", "mine/mine/__init__.py", "pass"));
        assertThat(bob.response(plugins + "packed.zip").asString()).isEqualTo("as it is");
        refused(bob.response(plugins + "none.zip"), 404, "not_found_error", "`plugins/none.zip` is not in blueprint");
        refused(bob.response(plugins + "mine/mine.zip"), 404, "not_found_error", "`plugins/mine/mine.zip` is not");
    }

    private static Map<String, String> unzipped(byte[] zip) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }
}
