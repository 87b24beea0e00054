package io.holdfast.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentSettingsTest {

    private static final String MEMBERS =
            "members=n1@127.0.0.1:7400:7401:5433:8081,n2@[::1]:7410:7411:5434:8082,w1@10.0.0.9:7420:7421:0:0\n";

    @TempDir
    Path folder;

    @Test
    void whatIsNotSaidHasADefault() throws Exception {
        // when
        AgentSettings settings = read("node.id=n1\n" + MEMBERS);
        // then
        assertThat(settings.peerPort()).isEqualTo(7400);
        assertThat(settings.postgresPort()).isEqualTo(5433);
        assertThat(settings.listenHost()).isEqualTo("127.0.0.1");
        assertThat(settings.dataDirectory()).isEqualTo(folder.resolve("pgdata"));
        assertThat(settings.diskReserveBytes()).isEqualTo(32L << 20);
        assertThat(settings.timings()).isEqualTo(AgentSettings.Timings.DEFAULTS);
        assertThat(settings.members()).extracting(MemberAddress::isWitness).containsExactly(false, false, true);
        assertThat(settings.members().get(1).httpUrl()).isEqualTo("http://[::1]:7411");
        assertThat(MemberAddress.parse(settings.members().get(1).toString()))
                .isEqualTo(settings.members().get(1));
    }

    @Test
    void whatDoesNotFitIsRefusedByName() {
        assertRefused("node.id=n4\n" + MEMBERS, "node.id is n4");
        assertRefused("node.id=n1\n", "has no members");
        assertRefused("node.id=n1\nmembers=n1@host\n", "ID@HOST:PEERPORT");
        assertRefused("node.id=n1\nmembers=N1@h:1:1:1:1\n", "not a node's id: N1");
        assertRefused("node.id=n1\nmembers=n1@h:1:1:1:1,n1@i:1:1:1:1\n", "twice");
        assertRefused("node.id=n1\nelection.timout.ms=5\n" + MEMBERS, "election.timout.ms");
        assertRefused("node.id=n1\nheartbeat.ms=250\n" + MEMBERS, "at least five heartbeats");
        assertRefused("node.id=n1\nlease.ms=1000\n" + MEMBERS, "lease.ms is 1000");
        assertRefused("node.id=n1\ndisk.reserve.mb=-1\n" + MEMBERS, "disk.reserve.mb is -1");
        assertRefused("node.id=n1\nbootstrap=yes\n" + MEMBERS, "bootstrap is yes");
        assertRefused("node.id=n1\nhttp.port=70000\n" + MEMBERS, "http.port is 70000");
    }

    @Test
    void aKeyThatOthersCanReadOrThatIsShortIsRefused() throws Exception {
        // given
        Path file = folder.resolve("cluster.key");
        Files.writeString(file, "0123456789abcdef0123456789abcdef\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        // when, then
        assertThatThrownBy(() -> ClusterKey.read(file)).hasMessageContaining("chmod 600");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(ClusterKey.read(file).password("holdfast"))
                .hasSize(32)
                .isEqualTo(new ClusterKey("0123456789abcdef0123456789abcdef").password("holdfast"))
                .isNotEqualTo(ClusterKey.read(file).password("holdfast_replication"));
        assertThatThrownBy(() -> new ClusterKey("short")).hasMessageContaining("at least 32");
    }

    @Test
    void aSignatureIsTakenOnceForWhatItSignsAndSoon() {
        // given
        ClusterKey key = new ClusterKey("0123456789abcdef0123456789abcdef");
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        RequestSignature signature = new RequestSignature(key, Clock.fixed(now, ZoneOffset.UTC));
        byte[] body = {1, 2};
        String signed = signature.sign("POST", "/cluster/pause", body);
        // when, then
        assertThat(signature.refusal("POST", "/cluster/resume", body, signed)).isPresent();
        assertThat(signature.refusal("GET", "/cluster/pause", body, signed)).isPresent();
        assertThat(signature.refusal("POST", "/cluster/pause", new byte[0], signed))
                .isPresent();
        assertThat(signature.refusal("POST", "/cluster/pause", body, "s=1")).isPresent();
        assertThat(signature.refusal("POST", "/cluster/pause", body, signed)).isEmpty();
        assertThat(signature.refusal("POST", "/cluster/pause", body, signed)).contains("the signature was used before");
        // a vector that the command line's own test holds, too
        assertThat(signature.refusal(
                        "POST",
                        "/cluster/pause",
                        body,
                        "t=1767225600,n=00112233445566778899aabbccddeeff,s="
                                + "33b9efcc4b58c5d322064e6a8b46269b7d48a50755ce06935e2a3e6e0a25dd45"))
                .isEmpty();
        String early = new RequestSignature(key, Clock.fixed(now.minus(Duration.ofMinutes(5)), ZoneOffset.UTC))
                .sign("POST", "/x", body);
        assertThat(signature.refusal("POST", "/x", body, early).orElseThrow()).contains("300 s apart");
        String foreign = new RequestSignature(
                        new ClusterKey("ffffffffffffffffffffffffffffffff"), Clock.fixed(now, ZoneOffset.UTC))
                .sign("POST", "/x", body);
        assertThat(signature.refusal("POST", "/x", body, foreign).orElseThrow()).contains("not signed");
    }

    private AgentSettings read(String text) throws Exception {
        Path file = folder.resolve("agent.properties");
        Files.writeString(file, text);
        return AgentSettings.read(file);
    }

    private void assertRefused(String text, String expected) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(AgentRefused.class).hasMessageContaining(expected);
    }
}
