package io.holdfast.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import io.holdfast.testsupport.Logged;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** Bodies both ways. The JVM of these tests has less heap than the streams have bytes. */
@QuarkusTest
class ProxyIT extends GatewayCase {

    private static final String API = "/api/v3.1";
    private static final long BIG = 512L << 20;
    private static final int REQUESTS = 64;

    private static final String BASIC = "Basic "
            + Base64.getEncoder()
                    .encodeToString(("admin:" + FakeServices.ADMIN_PASSWORD).getBytes(StandardCharsets.UTF_8));

    private static int port() {
        return URI.create(ConfigProvider.getConfig().getValue("test.url", String.class))
                .getPort();
    }

    private static HttpURLConnection open(String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port() + path).toURL().openConnection();
        connection.setReadTimeout(60_000);
        connection.setRequestProperty("Authorization", BASIC);
        connection.setRequestProperty("Tenant", "default_tenant");
        return connection;
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String inventory() {
        return ConfigProvider.getConfig().getValue("holdfast.inventory.url", String.class);
    }

    private static long counter(String name) {
        return given().get(inventory() + "/counters")
                .then()
                .extract()
                .jsonPath()
                .getLong(name);
    }

    @Test
    void aBodyArrivesUnchanged() {
        admin().urlEncodingEnabled(false)
                .contentType("application/json")
                .body("{\"a\": 1}")
                .put(API + "/secrets/k?x=%20y")
                .then()
                .statusCode(200)
                .body("method", equalTo("PUT"))
                .body("uri", equalTo("/internal/inventory/secrets/k?x=%20y"))
                .body("body", equalTo("{'a': 1}"));
        admin().contentType("application/json")
                .delete(API + "/blueprints/b")
                .then()
                .body("method", equalTo("DELETE"));
    }

    @Test
    void aHugeChunkedUploadPassesThroughASmallHeap() throws IOException {
        assertThat(Runtime.getRuntime().maxMemory()).isLessThan(BIG);
        HttpURLConnection connection = open(API + "/snapshots/s1/archive");
        connection.setRequestMethod("PUT");
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setChunkedStreamingMode(1 << 16);
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            byte[] chunk = new byte[1 << 16];
            for (long sent = 0; sent < BIG; sent += chunk.length) {
                out.write(chunk);
            }
        }
        assertThat(connection.getResponseCode()).isEqualTo(201);
        assertThat(new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"received\":" + BIG + ",\"encoding\":\"chunked\",\"type\":\"application/json\"}");
    }

    @Test
    void aHugeDownloadPassesThroughASmallHeapWithItsHeaders() throws IOException {
        HttpURLConnection connection = open(API + "/snapshots/s1/archive?size=" + BIG);
        assertThat(connection.getResponseCode()).isEqualTo(200);
        assertThat(connection.getHeaderField("Content-Length")).isEqualTo(Long.toString(BIG));
        assertThat(connection.getHeaderField("Content-Disposition")).isEqualTo("attachment; filename=\"s1.zip\"");
        assertThat(connection.getHeaderField("Accept-Ranges")).isEqualTo("bytes");
        assertThat(connection.getHeaderField("ETag")).isEqualTo("\"abc\"");
        assertThat(connection.getHeaderField("Transfer-Encoding")).isNull();
        long received = 0;
        try (InputStream in = connection.getInputStream()) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                received += n;
            }
        }
        assertThat(received).isEqualTo(BIG);
    }

    @Test
    void aRangePassesThrough() {
        admin().header("Range", "bytes=2-4")
                .get(API + "/snapshots/s1/archive")
                .then()
                .statusCode(206)
                .header("Content-Range", "bytes 2-4/10")
                .header("Content-Length", "3");
        admin().head(API + "/snapshots/s1/archive").then().statusCode(200).header("Content-Length", "10");
    }

    @Test
    void answersWithoutABodyStayWithout() {
        admin().get(API + "/blueprints/unmodified").then().statusCode(304).body(equalTo(""));
        admin().get(API + "/blueprints/nothing").then().statusCode(204).body(equalTo(""));
    }

    @Test
    void problemsAreRewrittenUnlessTheyAreAskedFor() {
        admin().get(API + "/blueprints/missing")
                .then()
                .statusCode(404)
                .contentType("application/json")
                .body(equalTo("{\"message\":\"Requested `Blueprint` with ID `missing` was not found\","
                        + "\"error_code\":\"not_found_error\",\"server_traceback\":null}"));
        admin().get(API + "/blueprints/badrule").then().statusCode(400).body("err_reason", equalTo("why"));
        admin().accept("application/problem+json")
                .get(API + "/blueprints/missing")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("hint", equalTo("look elsewhere"));
        admin().get("/api/holdfast/v1/snapshots/missing")
                .then()
                .statusCode(404)
                .contentType("application/problem+json");
    }

    @Test
    void whatIsNoProblemBecomesOneWithoutItsInsides() {
        admin().get(API + "/blueprints/html")
                .then()
                .statusCode(500)
                .contentType("application/json")
                .body("error_code", equalTo("internal_server_error"))
                .body("message", equalTo("Internal error"));
    }

    @Test
    void whereServicesHaveTheirResourcesIsNotTold() {
        admin().get(API + "/blueprints/nowhere")
                .then()
                .statusCode(404)
                .body("message", equalTo("there is no resource at GET /api/v3.1/blueprints/nowhere"));
    }

    @Test
    void clientsMaySpeakHttp2() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port() + API + "/snapshots/s1/archive"))
                .header("Authorization", BASIC)
                .header("Tenant", "default_tenant");
        assertThat(client.send(request.copy().GET().build(), BodyHandlers.ofByteArray())
                        .body())
                .hasSize(10);
        HttpResponse<String> upload = client.send(
                request.copy()
                        .PUT(BodyPublishers.ofByteArray(new byte[3 << 20]))
                        .build(),
                BodyHandlers.ofString());
        assertThat(upload.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(upload.statusCode()).isEqualTo(201);
        assertThat(upload.body()).contains("\"received\":" + (3 << 20));
    }

    @Test
    void aServiceThatIsDownIsSaidToBe() {
        admin().get(API + "/executions")
                .then()
                .statusCode(503)
                .contentType("application/json")
                .body("error_code", equalTo("service_unavailable_error"))
                .body("message", equalTo("The scheduler service does not answer"));
        admin().body("{}")
                .contentType("application/json")
                .post(API + "/executions")
                .then()
                .statusCode(503)
                .body("$", not(hasKey("detail")));
    }

    @Test
    void aClientThatIsStillUploadingReadsTheRefusal() throws IOException {
        HttpURLConnection connection = open(API + "/secrets/refusing");
        connection.setRequestMethod("PUT");
        connection.setFixedLengthStreamingMode(64L << 20);
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            byte[] chunk = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                out.write(chunk);
            }
        }
        assertThat(connection.getResponseCode()).isEqualTo(409);
        HttpURLConnection unauthorized = open(API + "/snapshots/s1/archive");
        unauthorized.setRequestProperty("Authorization", "Basic bm86Ym9keQ==");
        unauthorized.setRequestMethod("PUT");
        unauthorized.setChunkedStreamingMode(1 << 16);
        unauthorized.setDoOutput(true);
        try (OutputStream out = unauthorized.getOutputStream()) {
            out.write(new byte[8 << 20]);
        }
        assertThat(unauthorized.getResponseCode()).isEqualTo(401);
    }

    @Test
    void aClientThatGoesAwayEndsTheDownloadAtTheServiceAndIsNoErrorOfOurs() throws IOException {
        long before = counter("brokenDownloads");
        try (Logged logged = Logged.by("io.vertx")) {
            goAwayInTheMiddleOfADownload();
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(counter("brokenDownloads")).isEqualTo(before + 1));
            assertThat(logged.lines()).isEmpty();
        }
    }

    private static void goAwayInTheMiddleOfADownload() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(("GET " + API
                                    + "/plugins/endless HTTP/1.1\r\nHost: x\r\nTenant: default_tenant\r\nAuthorization: "
                                    + BASIC + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(socket.getInputStream().readNBytes(1 << 20)).hasSize(1 << 20);
        }
    }

    /**
     * Of an answer that its client does not read, the rest can wait in the gateway while the connection that it came by carries another
     * request already. How much the sockets take in between is the kernel's affair, so there is an answer of each size.
     */
    @Test
    void aClientThatGoesAwayDisturbsNobodyWhoseRequestFollowedItsOwn() throws Exception {
        List<Socket> downloads = new ArrayList<>();
        ExecutorService others = Executors.newCachedThreadPool();
        try {
            for (int i = 1; i <= REQUESTS; i++) {
                downloads.add(downloadWithoutReading(i << 16));
            }
            // Shorter, the test would find less and still be right.
            Thread.sleep(1_000);
            List<Future<Integer>> statuses = IntStream.range(0, REQUESTS)
                    .mapToObj(i -> others.submit(ProxyIT::putPatient))
                    .toList();
            await().atMost(Duration.ofMinutes(1)).until(() -> counter("waiting") == REQUESTS);
            for (Socket download : downloads) {
                download.close();
            }
            // Likewise.
            Thread.sleep(500);
            given().get(inventory() + "/release").then().statusCode(204);
            for (Future<Integer> status : statuses) {
                assertThat(status.get()).isEqualTo(200);
            }
        } finally {
            others.shutdownNow();
            for (Socket download : downloads) {
                download.close();
            }
        }
    }

    private static Socket downloadWithoutReading(int bytes) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress("127.0.0.1", port()));
        socket.getOutputStream()
                .write(("GET " + API + "/snapshots/s1/archive?size=" + bytes
                                + " HTTP/1.1\r\nHost: x\r\nTenant: default_tenant\r\nAuthorization: " + BASIC
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static int putPatient() throws IOException {
        HttpURLConnection connection = open(API + "/secrets/patient");
        connection.setRequestMethod("PUT");
        connection.setDoOutput(true);
        connection.getOutputStream().write("{}".getBytes(StandardCharsets.UTF_8));
        return connection.getResponseCode();
    }

    @Test
    void anUploadThatBreaksOffNeverLooksComplete() throws IOException {
        long before = counter("brokenUploads");
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(("PUT " + API + "/snapshots/s1/archive HTTP/1.1\r\nHost: x\r\nTenant: default_tenant\r\n"
                                    + "Transfer-Encoding: chunked\r\nAuthorization: " + BASIC
                                    + "\r\nExpect: 100-continue\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            // It goes on to the service now.
            assertThat(socket.getInputStream().readNBytes(21)).hasSize(21);
            socket.getOutputStream().write("5\r\nhello\r\n".getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(counter("brokenUploads")).isEqualTo(before + 1));
    }

    @Test
    void aClientThatDoesNotWaitForTheDecisionLeavesNothingBehind() throws IOException {
        long uploadsBefore = counter("uploads");
        try (Logged logged = Logged.by("io.vertx")) {
            goAwayAtOnce(20);
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(counter("openUploads")).isZero());
            assertThat(counter("uploads")).isEqualTo(uploadsBefore);
            assertThat(logged.lines()).isEmpty();
        }
    }

    private static void goAwayAtOnce(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (Socket socket = connect()) {
                socket.getOutputStream()
                        .write(("PUT " + API + "/snapshots/s1/archive HTTP/1.1\r\nHost: x\r\nTenant: default_tenant\r\n"
                                        + "Transfer-Encoding: chunked\r\nAuthorization: " + BASIC
                                        + "\r\n\r\n5\r\nhello\r\n")
                                .getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
            }
        }
    }

    @Test
    void anAnswerThatBreaksOffNeverLooksComplete() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + API + "/plugins/broken"))
                .header("Authorization", BASIC)
                .header("Tenant", "default_tenant")
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        assertThatThrownBy(() -> HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fixed content-length: 1000, bytes received: 10");
    }

    @Test
    void anUploaderThatAsksFirstIsToldToGoOn() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(("PUT " + API + "/snapshots/s1/archive HTTP/1.1\r\nHost: x\r\nTenant: default_tenant\r\n"
                                    + "Content-Length: 3\r\nExpect: 100-continue\r\nAuthorization: " + BASIC
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readNBytes(21), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 100 Continue");
            socket.getOutputStream().write("abc".getBytes(StandardCharsets.UTF_8));
            assertThat(new String(in.readNBytes(16), StandardCharsets.UTF_8)).contains("HTTP/1.1 201");
        }
    }
}
