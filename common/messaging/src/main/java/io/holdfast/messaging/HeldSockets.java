package io.holdfast.messaging;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.SocketFactory;

/**
 * Sockets whose output can be held back while a batch is written. The AMQP client flushes after each message, which is a system call
 * and a packet for each here, and a read for each at the broker; held, some dozens of messages leave in one. Thread-safe.
 */
final class HeldSockets extends SocketFactory {

    /** Bytes; what is more leaves though it is held. */
    private static final int CAPACITY = 64 * 1024;

    private int holds;
    private HeldOutput current = new HeldOutput(OutputStream.nullOutputStream());

    /** From here on flushing does nothing, until the result is closed. Several holds may overlap. */
    synchronized Hold hold() {
        holds++;
        return this::release;
    }

    /** Ends a hold: what was held back leaves when there is no other hold. */
    @FunctionalInterface
    interface Hold extends AutoCloseable {

        @Override
        void close() throws IOException;
    }

    private void release() throws IOException {
        HeldOutput output;
        synchronized (this) {
            holds--;
            if (holds > 0) {
                return;
            }
            output = current;
        }
        output.flush();
    }

    private synchronized boolean isHeld() {
        return holds > 0;
    }

    private synchronized void use(HeldOutput output) {
        current = output;
    }

    private final class HeldOutput extends OutputStream {

        private final OutputStream out;
        private final byte[] buffer = new byte[CAPACITY];
        private int count;

        HeldOutput(OutputStream out) {
            this.out = out;
        }

        @Override
        public synchronized void write(int single) throws IOException {
            if (count == buffer.length) {
                drain();
            }
            buffer[count++] = (byte) single;
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) throws IOException {
            if (length > buffer.length - count) {
                drain();
            }
            if (length > buffer.length) {
                out.write(bytes, from, length);
            } else {
                System.arraycopy(bytes, from, buffer, count, length);
                count += length;
            }
        }

        @Override
        public synchronized void flush() throws IOException {
            if (!isHeld()) {
                drain();
                out.flush();
            }
        }

        @Override
        public synchronized void close() throws IOException {
            drain();
            out.close();
        }

        private void drain() throws IOException {
            int held = count;
            count = 0;
            out.write(buffer, 0, held);
        }
    }

    private final class HeldSocket extends Socket {

        @Override
        public OutputStream getOutputStream() throws IOException {
            HeldOutput output = new HeldOutput(super.getOutputStream());
            use(output);
            return output;
        }
    }

    @Override
    public Socket createSocket() {
        return new HeldSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        throw unconnectedOnly();
    }

    private static SocketException unconnectedOnly() {
        return new SocketException("the AMQP client connects its sockets itself");
    }
}
