package io.holdfast.cluster.agent.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.cluster.agent.ClusterKey;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeerSocketTest {

    private static final ClusterKey KEY = new ClusterKey("0123456789abcdef0123456789abcdef");
    private static final ClusterKey OTHER_KEY = new ClusterKey("ffffffffffffffffffffffffffffffff");

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private PeerSocket one;
    private PeerSocket two;
    private DatagramSocket stranger;

    @BeforeEach
    void open() throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        one = new PeerSocket("n1", "test", KEY, 100, any, (from, payload) -> {});
        two = new PeerSocket(
                "n2",
                "test",
                KEY,
                100,
                any,
                (from, payload) -> heard.add(from + ":" + new String(payload, StandardCharsets.UTF_8)));
        one.peers(Map.of("n1", address(one), "n2", address(two)));
        two.peers(Map.of("n1", address(one), "n2", address(two)));
        one.start();
        two.start();
        stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        stranger.close();
    }

    @Test
    void aMessageArrivesWithItsSender() {
        // when
        one.send("n2", bytes("hello"));
        // then
        await(() -> assertThat(heard).containsExactly("n1:hello"));
        assertThat(two.drops()).isEmpty();
    }

    @Test
    void aDatagramSignedWithAnotherKeyChangesNothing() throws Exception {
        // when
        inject(new Envelope("n1", "n2", 200, 1, bytes("epoch 99: step down"))
                .encode("test", OTHER_KEY.signer("peers")));
        inject(new Envelope("n1", "n2", 200, 1, bytes("epoch 99: step down")).encode("test", KEY.signer("operations")));
        one.send("n2", bytes("hello"));
        // then
        await(() -> assertThat(heard).containsExactly("n1:hello"));
        assertThat(two.drops()).containsOnly(Map.entry("forged", 2L));
    }

    @Test
    void aDatagramIsTakenOnce() throws Exception {
        // given
        byte[] recorded = new Envelope("n1", "n2", 100, 1, bytes("resign")).encode("test", KEY.signer("peers"));
        // when
        inject(recorded);
        inject(recorded);
        one.send("n2", bytes("also sequence 1"));
        one.send("n2", bytes("hello"));
        // then
        await(() -> assertThat(heard).containsExactly("n1:resign", "n1:hello"));
        assertThat(two.drops()).containsOnly(Map.entry("replayed", 2L));
    }

    @Test
    void whatAnEarlierStartSentIsNotTaken() throws Exception {
        // given
        one.send("n2", bytes("now"));
        await(() -> assertThat(heard).hasSize(1));
        // when
        inject(new Envelope("n1", "n2", 99, 1000, bytes("then")).encode("test", KEY.signer("peers")));
        one.send("n2", bytes("again"));
        // then
        await(() -> assertThat(heard).containsExactly("n1:now", "n1:again"));
        assertThat(two.drops()).containsOnly(Map.entry("replayed", 1L));
    }

    @Test
    void everyTruncationOfADatagramIsDropped() throws Exception {
        // given
        byte[] whole = new Envelope("n1", "n2", 200, 1, bytes("step down")).encode("test", KEY.signer("peers"));
        // when
        for (int length = 0; length < whole.length; length++) {
            inject(Arrays.copyOf(whole, length));
        }
        one.send("n2", bytes("hello"));
        // then
        await(() -> assertThat(heard).contains("n1:hello"));
        assertThat(heard).containsExactly("n1:hello");
        assertThat(two.drops().keySet()).isSubsetOf("too_short", "forged");
    }

    @Test
    void anotherClusterAnotherVersionAStrangerAndAnotherNodesDatagramAreDropped() throws Exception {
        // given
        byte[] otherVersion = new Envelope("n1", "n2", 200, 1, bytes("x")).encode("test", KEY.signer("peers"));
        otherVersion[4] = 9;
        // when
        inject(new Envelope("n1", "n2", 200, 1, bytes("x")).encode("elsewhere", KEY.signer("peers")));
        inject(new Envelope("n9", "n2", 200, 1, bytes("x")).encode("test", KEY.signer("peers")));
        inject(new Envelope("n1", "n3", 200, 1, bytes("x")).encode("test", KEY.signer("peers")));
        inject(otherVersion);
        inject(bytes("GET / HTTP/1.1\r\nHost: somewhere.example.org\r\n\r\n"));
        inject(new byte[Envelope.MAX_BYTES]);
        one.send("n2", bytes("hello"));
        // then
        await(() -> assertThat(heard).containsExactly("n1:hello"));
        assertThat(two.drops())
                .containsEntry("other_cluster", 1L)
                .containsEntry("unknown_sender", 1L)
                .containsEntry("other_recipient", 1L)
                .containsEntry("other_version", 1L)
                .containsEntry("other_protocol", 2L);
    }

    @Test
    void whatIsTooLongIsRefusedAtTheSender() {
        assertThatThrownBy(() -> one.send("n2", new byte[Envelope.MAX_BYTES]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected at most");
    }

    @Test
    void theWindowTakesWhatIsReorderedALittle() {
        // given
        ReplayWindow window = new ReplayWindow();
        // when, then
        assertThat(window.accepts(1, 10)).isTrue();
        assertThat(window.accepts(1, 12)).isTrue();
        assertThat(window.accepts(1, 11)).isTrue();
        assertThat(window.accepts(1, 11)).isFalse();
        assertThat(window.accepts(1, 10)).isFalse();
        assertThat(window.accepts(1, 80)).isTrue();
        assertThat(window.accepts(1, 16)).isFalse();
        assertThat(window.accepts(1, 17)).isTrue();
        assertThat(window.accepts(2, 0)).isTrue();
        assertThat(window.accepts(1, 81)).isFalse();
    }

    private void inject(byte[] datagram) throws Exception {
        stranger.send(new DatagramPacket(datagram, datagram.length, address(two)));
    }

    private static InetSocketAddress address(PeerSocket socket) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.port());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void await(org.awaitility.core.ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(assertion);
    }
}
