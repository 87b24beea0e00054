package io.holdfast.testsupport.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testsupport.faults.NetworkLaboratory.Host;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Cuts must cut, and what was made must be gone afterwards. */
class NetworkLaboratoryIT {

    @BeforeAll
    static void needsRoot() throws InterruptedException {
        Optional<String> missing = NetworkLaboratory.missing();
        Assumptions.assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElseThrow());
    }

    @Test
    void machinesReachOneAnotherUntilTheyAreCut() throws Exception {
        try (NetworkLaboratory laboratory = NetworkLaboratory.open(List.of("a", "b", "c"))) {
            Host a = laboratory.host("a");
            Host b = laboratory.host("b");
            Host c = laboratory.host("c");
            Process server = listen(laboratory, b);
            Process other = listen(laboratory, c);
            try {
                // then
                assertThat(reaches(laboratory, a, b)).isTrue();
                assertThat(reachesFromHere(b)).isTrue();

                laboratory.isolate(b);
                assertThat(reaches(laboratory, a, b)).as("isolated").isFalse();
                assertThat(reachesFromHere(b)).as("isolated").isFalse();
                assertThat(reaches(laboratory, a, c)).as("the others").isTrue();
                laboratory.connect(b);
                assertThat(reaches(laboratory, a, b)).as("connected again").isTrue();

                laboratory.drop(b, a);
                assertThat(reaches(laboratory, a, b)).as("no answer comes back").isFalse();
                assertThat(reaches(laboratory, c, b)).as("the third one").isTrue();
                laboratory.restore(b, a);
                assertThat(reaches(laboratory, a, b)).as("restored").isTrue();

                assertThat(laboratory.processes(b)).contains(server.pid()).doesNotContain(other.pid());
            } finally {
                server.destroyForcibly();
                other.destroyForcibly();
            }
        }
    }

    @Test
    void packetsAreLostAsAsked() throws Exception {
        try (NetworkLaboratory laboratory = NetworkLaboratory.open(List.of("a", "b"))) {
            Assumptions.assumeTrue(
                    laboratory.lossBy().isPresent(), "skipped: neither netem in the kernel nor the program `nft`");
            Process server = listen(laboratory, laboratory.host("b"));
            try {
                laboratory.lose(99);
                assertThat(reaches(laboratory, laboratory.host("a"), laboratory.host("b")))
                        .isFalse();
                laboratory.loseNothing();
                assertThat(reaches(laboratory, laboratory.host("a"), laboratory.host("b")))
                        .isTrue();
            } finally {
                server.destroyForcibly();
            }
        }
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        // given
        Process sleeper;
        Host host;
        try (NetworkLaboratory laboratory = NetworkLaboratory.open(List.of("a"))) {
            host = laboratory.host("a");
            sleeper = new ProcessBuilder(laboratory.on(host, List.of("sleep", "600"))).start();
            while (!laboratory.processes(host).contains(sleeper.pid())) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        // then
        assertThat(sleeper.waitFor(30, TimeUnit.SECONDS))
                .as("its process has ended")
                .isTrue();
        assertThat(Path.of("/run/netns", host.namespace())).doesNotExist();
    }

    @Test
    void aFullDiskTakesNothingMoreUntilThereIsRoomAgain() throws Exception {
        Path directory = Files.createTempDirectory("holdfast-disk");
        try (SmallDisk disk = SmallDisk.mount(directory, 16)) {
            disk.fill();
            Path file = directory.resolve("file");
            assertThat(writes(file)).as("on a full disk").isFalse();
            disk.free();
            assertThat(writes(file)).as("with room again").isTrue();
        } finally {
            Files.deleteIfExists(directory);
        }
    }

    private static boolean writes(Path file) {
        try {
            Files.write(file, new byte[100_000]);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** With a server that this JDK brings: no machine lacks it. */
    private static Process listen(NetworkLaboratory laboratory, Host host) throws Exception {
        Process process = new ProcessBuilder(laboratory.on(
                        host,
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                Commands.classPath(Listener.class),
                                Listener.class.getName())))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.getInputStream().read()).as("the server is there").isEqualTo('!');
        return process;
    }

    private static boolean reaches(NetworkLaboratory laboratory, Host from, Host to) throws Exception {
        return new ProcessBuilder(laboratory.on(
                                from, List.of("timeout", "1", "bash", "-c", "</dev/tcp/" + to.address() + "/9000")))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static boolean reachesFromHere(Host to) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(to.address(), 9000), 1000);
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        }
    }

    /** Takes connections and says nothing. */
    static final class Listener {

        public static void main(String[] args) throws IOException {
            try (java.net.ServerSocket server = new java.net.ServerSocket(9000)) {
                System.out.print('!');
                System.out.flush();
                while (true) {
                    server.accept().close();
                }
            }
        }
    }
}
