package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is refused with a reason, and leaves no trace. */
class BadInputE2E {

    @TempDir
    static Path folder;

    private static Stack stack;
    private static byte[] good;

    @BeforeAll
    static void start() throws IOException {
        stack = Stack.start(folder.resolve("data"));
        SmallManager.into(stack, folder);
        stack.api().createSnapshot("good");
        good = Files.readAllBytes(stack.api().download("/api/v3.1/snapshots/good/archive", folder.resolve("good.zip")));
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void anUploadThatIsNoReadableArchiveIsRefusedAndLeavesNoTrace() throws IOException {
        Map<String, byte[]> bad = new LinkedHashMap<>();
        bad.put("empty", new byte[0]);
        bad.put("garbage", "this is not a zip".getBytes(StandardCharsets.UTF_8));
        bad.put("truncated", Arrays.copyOf(good, good.length * 2 / 3));
        bad.put("someone-elses-zip", zip(Map.of("holiday.txt", "sun")));
        bad.put("zip-slip", changed(good, Map.of("../../evil", "x")));
        bad.put("newer-format", changed(good, Map.of("metadata.json", newerFormat())));
        byte[] flipped = good.clone();
        // enough bytes to be sure of hitting an entry's data, not only a header field that nobody reads
        for (int i = flipped.length / 2; i < flipped.length / 2 + 256; i++) {
            flipped[i] ^= 0x40;
        }
        bad.put("damaged-data", flipped);
        long before = stack.api().items("/api/v3.1/snapshots").size();

        for (Map.Entry<String, byte[]> entry : bad.entrySet()) {
            Path file = Files.write(folder.resolve(entry.getKey() + ".zip"), entry.getValue());
            Api.Answer answer = stack.api().upload("/api/v3.1/snapshots/" + entry.getKey() + "/archive", file);
            assertThat(answer.status())
                    .as(entry.getKey() + ": " + answer.body())
                    .isEqualTo(400);
            assertThat(answer.json().get("error_code").asText())
                    .as(entry.getKey())
                    .isNotBlank();
            assertThat(answer.json().get("message").asText()).as(entry.getKey()).hasSizeGreaterThan(20);
            assertThat(stack.api().get("/api/v3.1/snapshots/" + entry.getKey()).status())
                    .as(entry.getKey())
                    .isEqualTo(404);
        }
        assertThat(stack.api().items("/api/v3.1/snapshots")).hasSize((int) before);
    }

    @Test
    void aRestoreOntoAManagerThatIsNotCleanIsRefusedWithTheWayOut() {
        Api.Answer answer = stack.api().post("/api/v3.1/snapshots/good/restore", "{\"force\": false}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().get("message").asText()).contains("1 deployment");
        assertThat(stack.api().getOk("/api/v3.1/snapshot-status").get("status").asText())
                .isEqualTo("not-running");
    }

    @Test
    void aForcedRestoreTwiceDoublesNothingAndCanBeUndone() {
        int events = stack.api().items("/api/v3.1/events").size();
        JsonNode once = stack.api().restore("good", "{\"force\": true}");
        JsonNode twice = stack.api().restore("good", "{\"force\": true}");
        assertThat(once.get("status").asText()).as(once.toPrettyString()).isEqualTo("completed");
        assertThat(twice.get("status").asText()).as(twice.toPrettyString()).isEqualTo("completed");
        assertThat(stack.api().items("/api/v3.1/deployments")).hasSize(1);
        assertThat(stack.api().items("/api/v3.1/events?deployment_id=shop")).hasSize(2);
        assertThat(events).isPositive();
    }

    @Test
    void unknownThingsWrongMethodsAndWrongPasswordsGetTheApisErrors() {
        Api api = stack.api();
        assertThat(api.get("/api/v3.1/snapshots/nosuch")
                        .json()
                        .get("error_code")
                        .asText())
                .isEqualTo("not_found_error");
        assertThat(api.get("/api/v3.1/nosuch").status()).isEqualTo(404);
        assertThat(api.as("admin", "wrong").get("/api/v3.1/blueprints").status())
                .isEqualTo(401);
        assertThat(api.inTenant("nosuch").get("/api/v3.1/blueprints").status()).isEqualTo(403);
        assertThat(api.get("/api/v3.1/../../internal/inventory/blueprints").status())
                .isIn(400, 404);
        assertThat(api.get("/internal/inventory/blueprints").status()).isIn(401, 404);
    }

    @Test
    void aTenantHasNothingOfAFormerOneOfItsName() {
        Api api = stack.api();
        Api inside = api.inTenant("again");
        assertThat(api.post("/api/v3.1/tenants/again", "{}").status()).isEqualTo(201);
        assertThat(inside.put("/api/v3.1/filters/deployments/mine", "{\"filter_rules\": []}")
                        .status())
                .isEqualTo(200);
        inside.createSnapshot("inside");
        assertThat(inside.items("/api/v3.1/events")).isNotEmpty();
        // A snapshot is not forgotten with its tenant: nobody would find its archive any more.
        Api.Answer refused = api.delete("/api/v3.1/tenants/again");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body()).contains("it holds resources: snapshots (1)");
        assertThat(inside.delete("/api/v3.1/snapshots/inside").status()).isEqualTo(200);
        assertThat(api.delete("/api/v3.1/tenants/again").status()).isEqualTo(204);
        // when
        assertThat(api.post("/api/v3.1/tenants/again", "{}").status()).isEqualTo(201);
        // then
        for (String list :
                List.of("executions?_include_system_workflows=true", "events", "filters/deployments?id=mine")) {
            assertThat(inside.getOk("/api/v3.1/" + list)
                            .at("/metadata/pagination/total")
                            .asInt())
                    .as(list)
                    .isZero();
        }
        assertThat(api.delete("/api/v3.1/tenants/again").status()).isEqualTo(204);
    }

    @Test
    void urlsThatAreNotEncodedAsTheyShouldBeGetTheApisErrorsToo() throws IOException {
        for (String path : List.of(
                "/api/v3.1/sites?_size={}",
                "/api/v3.1/sites?_size=%zz",
                "/api/v3.1/tenants?_size=%zz",
                "/api/v3.1/sites/%zz",
                "/api/v3.1/sites/%",
                "/api/v3.1/sites?a=|")) {
            assertThat(stack.raw("GET " + path + " HTTP/1.1"))
                    .as(path)
                    .startsWith("HTTP/1.1 400 ")
                    .contains("\"error_code\":\"bad_parameters_error\"");
        }
    }

    @Test
    void maintenanceModeRefusesWorkAndLetsSnapshotsThrough() {
        Api api = stack.api();
        assertThat(api.post("/api/v3.1/maintenance/activate", "").status()).isEqualTo(200);
        assertThat(api.post("/api/v3.1/maintenance/activate", "").status()).isEqualTo(304);
        Api.Answer refused = api.get("/api/v3.1/blueprints");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.json().get("error_code").asText()).isEqualTo("maintenance_mode_active");
        assertThat(api.get("/api/v3.1/snapshots").status()).isEqualTo(200);
        assertThat(api.post("/api/v3.1/maintenance/deactivate", "").status()).isEqualTo(200);
        assertThat(api.get("/api/v3.1/blueprints").status()).isEqualTo(200);
    }

    private static String newerFormat() throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(good))) {
            zip.getNextEntry();
            String metadata = new String(zip.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(metadata).contains("formatVersion");
            return metadata.replaceAll("\"formatVersion\"\\s*:\\s*\"?\\d+\"?", "\"formatVersion\": 999");
        }
    }

    private static byte[] zip(Map<String, String> entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    /** {@code archive} with entries replaced or added. */
    private static byte[] changed(byte[] archive, Map<String, String> changes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(archive));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (!changes.containsKey(entry.getName())) {
                    zip.putNextEntry(new ZipEntry(entry.getName()));
                    in.transferTo(zip);
                }
            }
            for (Map.Entry<String, String> change : changes.entrySet()) {
                zip.putNextEntry(new ZipEntry(change.getKey()));
                zip.write(change.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }
}
