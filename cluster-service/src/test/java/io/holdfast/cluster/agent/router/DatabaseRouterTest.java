package io.holdfast.cluster.agent.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatabaseRouterTest {

    private final DatabaseRouter router =
            new DatabaseRouter(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Server> servers = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        router.close();
        for (Server server : servers) {
            server.close();
        }
        threads.shutdownNow();
    }

    @Test
    void aConnectionThatFindsNoTargetInASecondIsReset() throws Exception {
        try (Socket client = client()) {
            // when, then
            assertThatThrownBy(() -> ask(client)).isInstanceOf(IOException.class);
        }
        assertThat(router.counts().refused()).isEqualTo(1);
    }

    @Test
    void aConnectionThatComesBeforeItsTargetGoesThere() throws Exception {
        // given
        Server server = server("one");
        try (Socket client = client()) {
            Future<String> answer = threads.submit(() -> ask(client));
            Awaitility.await().until(() -> router.counts().accepted() == 1);
            // when
            router.target(server.address());
            // then
            assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("one");
        }
        assertThat(router.counts().refused()).isZero();
    }

    @Test
    void aConnectionThatItsTargetDoesNotTakeGoesToTheNextOne() throws Exception {
        // given
        Server next = server("two");
        try (Socket nobody = boundOnly()) {
            router.target(addressOf(nobody));
            try (Socket client = client()) {
                Future<String> answer = threads.submit(() -> ask(client));
                Awaitility.await().until(() -> router.counts().accepted() == 1);
                // when
                router.target(next.address());
                // then
                assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("two");
            }
        }
        assertThat(router.counts().cut()).isZero();
    }

    @Test
    void megabytesPassBothWaysWhileBothSidesAreSlowInTurn() throws Exception {
        // given
        router.target(server("echo").address());
        byte[] sent = new byte[8 << 20];
        new Random(7).nextBytes(sent);
        try (Socket client = client()) {
            // when
            Future<byte[]> received =
                    threads.submit(() -> client.getInputStream().readAllBytes());
            client.getOutputStream().write(sent);
            client.shutdownOutput();
            // then
            assertThat(received.get(60, TimeUnit.SECONDS)).isEqualTo(sent);
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> router.counts().open() == 0);
    }

    @Test
    void aChangeOfTargetResetsAllConnectionsAndNewOnesGoToTheNewOne() throws Exception {
        // given
        Server first = server("one");
        Server second = server("two");
        router.target(first.address());
        try (Socket a = client();
                Socket b = client()) {
            assertThat(ask(a)).isEqualTo("one");
            assertThat(ask(b)).isEqualTo("one");
            // when
            router.target(second.address());
            // then
            assertThatThrownBy(() -> ask(a)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> ask(b)).isInstanceOf(IOException.class);
            try (Socket c = client()) {
                assertThat(ask(c)).isEqualTo("two");
            }
            assertThat(router.counts().cut()).isEqualTo(2);
        }
    }

    @Test
    void theSameTargetAgainDisturbsNobody() throws Exception {
        // given
        Server server = server("one");
        router.target(server.address());
        try (Socket client = client()) {
            assertThat(ask(client)).isEqualTo("one");
            // when
            router.target(server.address());
            // then
            assertThat(ask(client)).isEqualTo("one");
            router.cutAll();
            assertThatThrownBy(() -> ask(client)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aServerThatIsNotThereIsARefusalToTheClient() throws Exception {
        // given
        try (Socket nobody = boundOnly()) {
            router.target(addressOf(nobody));
            try (Socket client = client()) {
                // when, then
                assertThatThrownBy(() -> ask(client)).isInstanceOf(IOException.class);
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(router.counts()).isEqualTo(new DatabaseRouter.Counts(0, 1, 1, 0)));
        }
    }

    @Test
    void thousandsOfConnectionsComeAndGo() throws Exception {
        // given
        router.target(server("one").address());
        List<Future<Integer>> all = new ArrayList<>();
        // when
        for (int thread = 0; thread < 8; thread++) {
            all.add(threads.submit(() -> {
                int answered = 0;
                for (int i = 0; i < 400; i++) {
                    try (Socket client = client()) {
                        answered += ask(client).equals("one") ? 1 : 0;
                    }
                }
                return answered;
            }));
        }
        // then
        int answered = 0;
        for (Future<Integer> one : all) {
            answered += one.get();
        }
        assertThat(answered).isEqualTo(3200);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> router.counts().open() == 0);
        assertThat(router.counts().accepted()).isEqualTo(3200);
    }

    private Socket client() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), router.port());
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** Sends a line and reads the answer of three letters. */
    private static String ask(Socket client) throws IOException {
        client.getOutputStream().write('?');
        byte[] answer = client.getInputStream().readNBytes(3);
        if (answer.length < 3) {
            throw new IOException("ended");
        }
        return new String(answer, StandardCharsets.US_ASCII);
    }

    /**
     * A port that is taken, and on which nobody listens. One that somebody has just ceased to listen on may take one connection more, as long
     * as the thread that accepts has not come to see that.
     */
    private static Socket boundOnly() throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return socket;
    }

    private static InetSocketAddress addressOf(Socket socket) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }

    private Server server(String name) throws IOException {
        Server server = new Server(name);
        servers.add(server);
        return server;
    }

    /** Answers each byte with its name; "echo" sends back what it gets, when it has all of it. */
    private final class Server {

        private final ServerSocket socket = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());

        Server(String name) throws IOException {
            threads.submit(() -> {
                while (true) {
                    Socket connection = socket.accept();
                    threads.submit(() -> serve(name, connection));
                }
            });
        }

        private Void serve(String name, Socket connection) throws IOException {
            try (connection) {
                InputStream in = connection.getInputStream();
                OutputStream out = connection.getOutputStream();
                if (name.equals("echo")) {
                    out.write(in.readAllBytes());
                    return null;
                }
                while (in.read() >= 0) {
                    out.write(name.getBytes(StandardCharsets.US_ASCII));
                }
            }
            return null;
        }

        InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }

        void close() throws IOException {
            socket.close();
        }
    }
}
