package io.holdfast.cluster.postgres.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixSocketFactoryTest {

    @TempDir
    private Path directory;

    @Test
    void whoWaitsForAnAnswerLearnsThatAnotherThreadClosedTheSocket() throws Exception {
        Path file = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(file));
            for (int round = 0; round < 20; round++) {
                // given
                Socket socket = new UnixSocketFactory("60000:" + file).createSocket("localhost", 5432);
                CompletableFuture<Integer> answer = new CompletableFuture<>();
                Thread reader = new Thread(
                        () -> {
                            try {
                                answer.complete(socket.getInputStream().read());
                            } catch (Exception e) {
                                answer.completeExceptionally(e);
                            }
                        },
                        "reader");
                reader.start();
                while (!isSelecting(reader)) {
                    assertThat(answer).isNotDone();
                    Thread.onSpinWait();
                }
                // when
                socket.close();
                // then
                assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(SocketException.class)
                        .hasMessageContaining("closed");
            }
        }
    }

    private static boolean isSelecting(Thread thread) {
        for (StackTraceElement element : thread.getStackTrace()) {
            if (element.getMethodName().equals("select")) {
                return true;
            }
        }
        return false;
    }
}
