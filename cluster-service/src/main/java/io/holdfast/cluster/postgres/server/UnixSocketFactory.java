package io.holdfast.cluster.postgres.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Lets the JDBC driver talk to a server by its Unix socket. The JDK has such sockets as channels only, the driver wants a
 * {@link Socket}. The driver's {@code socketFactoryArg} is the greatest wait for an answer in milliseconds (0 for none: the driver's
 * own limit for a new connection is whole seconds), a colon, and the path. {@code Connection.setNetworkTimeout} sets another limit later.
 */
public final class UnixSocketFactory extends SocketFactory {
    private final UnixDomainSocketAddress address;
    private final int limitMillis;

    /** Called by the driver. @param argument such as {@code 400:/run/x/.s.PGSQL.5432} */
    public UnixSocketFactory(String argument) {
        String[] parts = argument.split(":", 2);
        this.limitMillis = Integer.parseInt(parts[0]);
        this.address = UnixDomainSocketAddress.of(parts[1]);
    }

    @Override
    public Socket createSocket() throws IOException {
        return new ChannelSocket(address, limitMillis);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localAddress, int localPort) throws IOException {
        return connected();
    }

    private Socket connected() throws IOException {
        ChannelSocket socket = new ChannelSocket(address, limitMillis);
        socket.connect(null, 0);
        return socket;
    }

    /** Reads and writes wait on selectors, so that a read has a limit in time: that is what bounds a probe of a stopped server. */
    private static final class ChannelSocket extends Socket {
        private final UnixDomainSocketAddress address;
        private final SocketChannel channel;
        private final Selector readable;
        private final Selector writable;
        private final int limitMillis;
        private volatile int timeoutMillis;
        private volatile boolean connected;

        ChannelSocket(UnixDomainSocketAddress address, int limitMillis) throws IOException {
            this.address = address;
            this.limitMillis = limitMillis;
            this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            this.readable = Selector.open();
            this.writable = Selector.open();
        }

        @Override
        public void connect(@Nullable SocketAddress ignored, int timeout) throws IOException {
            try {
                channel.configureBlocking(false);
                if (!channel.connect(address)) {
                    throw new SocketException("PostgreSQL takes no more connections by " + address);
                }
                channel.register(readable, SelectionKey.OP_READ);
                channel.register(writable, SelectionKey.OP_WRITE);
                connected = true;
            } catch (IOException e) {
                close();
                throw e;
            }
        }

        @Override
        public void connect(SocketAddress ignored) throws IOException {
            connect(ignored, 0);
        }

        @Override
        public InputStream getInputStream() {
            return new InputStream() {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    if (length == 0) {
                        return 0;
                    }
                    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
                    int limit = limit();
                    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limit);
                    while (true) {
                        int count = guard(() -> channel.read(buffer));
                        if (count != 0) {
                            return count;
                        }
                        long left = limit == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                        if (limit != 0 && left <= 0) {
                            throw new SocketTimeoutException("PostgreSQL has not answered within " + limit + " ms");
                        }
                        await(readable, left);
                    }
                }
            };
        }

        @Override
        public OutputStream getOutputStream() {
            return new OutputStream() {
                @Override
                public void write(int value) throws IOException {
                    write(new byte[] {(byte) value}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
                    while (buffer.hasRemaining()) {
                        if (guard(() -> channel.write(buffer)) == 0) {
                            await(writable, 0);
                        }
                    }
                }
            };
        }

        private int limit() {
            int later = timeoutMillis;
            return later == 0 ? limitMillis : later;
        }

        private interface Transfer {
            int run() throws IOException;
        }

        private static int guard(Transfer transfer) throws IOException {
            try {
                return transfer.run();
            } catch (ClosedChannelException e) {
                throw (SocketException) new SocketException("the socket is closed").initCause(e);
            }
        }

        private void await(Selector selector, long millis) throws IOException {
            if (!selector.isOpen()) {
                throw new SocketException("the socket is closed");
            }
            try {
                selector.select(millis);
                selector.selectedKeys().clear();
            } catch (ClosedSelectorException e) {
                // closed by another thread meanwhile
                throw (SocketException) new SocketException("the socket is closed").initCause(e);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new java.io.InterruptedIOException("interrupted while waiting for PostgreSQL");
            }
            if (!channel.isOpen()) {
                throw new SocketException("the socket is closed");
            }
        }

        @Override
        public void setSoTimeout(int timeout) {
            timeoutMillis = timeout;
        }

        @Override
        public int getSoTimeout() {
            return timeoutMillis;
        }

        @Override
        public boolean isConnected() {
            return connected;
        }

        @Override
        public boolean isClosed() {
            return !channel.isOpen();
        }

        @Override
        public synchronized void close() throws IOException {
            channel.close();
            readable.close();
            writable.close();
        }

        @Override
        public void shutdownOutput() throws IOException {
            channel.shutdownOutput();
        }

        @Override
        public void shutdownInput() throws IOException {
            channel.shutdownInput();
        }

        @Override
        public InetAddress getInetAddress() {
            return InetAddress.getLoopbackAddress();
        }

        // a Unix socket has none of TCP's options, and the driver sets them without asking
        @Override
        public void setTcpNoDelay(boolean on) {}

        @Override
        public boolean getTcpNoDelay() {
            return true;
        }

        @Override
        public void setKeepAlive(boolean on) {}

        @Override
        public boolean getKeepAlive() {
            return false;
        }

        @Override
        public void setSoLinger(boolean on, int linger) {}

        @Override
        public void setReceiveBufferSize(int size) {}

        @Override
        public int getReceiveBufferSize() {
            return 65_536;
        }

        @Override
        public void setSendBufferSize(int size) {}

        @Override
        public int getSendBufferSize() {
            return 65_536;
        }

        @Override
        public void setTrafficClass(int trafficClass) {}
    }
}
