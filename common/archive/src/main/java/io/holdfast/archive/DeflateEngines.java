package io.holdfast.archive;

import com.intel.gkl.compression.IntelDeflater;
import java.util.Locale;
import java.util.zip.Deflater;

/** The ways to deflate: ISA-L where its native library loads (x86-64), else the JDK's zlib at level 1. Both are read by every Zip reader. */
public final class DeflateEngines {

    /** Level 1 of either: higher levels cost several times the processor time for a few percent. */
    private static final int LEVEL = 1;

    private DeflateEngines() {}

    /** A new engine of the fastest kind that works here. */
    public static DeflateEngine best() {
        return nativeLoads() ? new Native() : jdk();
    }

    /** A new engine of the JDK alone. */
    public static DeflateEngine jdk() {
        return new Jdk();
    }

    /** Whether {@link #best} is the native one. */
    public static boolean nativeLoads() {
        return NativeProbe.LOADS;
    }

    /** Room that suffices for {@code length} bytes that do not compress. */
    public static int bound(int length) {
        return Math.addExact(length, length / 64 + 1024);
    }

    private static final class NativeProbe {
        static final boolean LOADS = load();

        private static boolean load() {
            String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
            if (!arch.equals("amd64") && !arch.equals("x86_64") || Boolean.getBoolean("holdfast.archive.pure-java")) {
                return false;
            }
            try {
                IntelDeflater deflater = new IntelDeflater(LEVEL, true);
                if (!deflater.load(null)) {
                    return false;
                }
                deflater.end();
                return true;
            } catch (LinkageError | IllegalStateException | SecurityException notHere) {
                return false;
            }
        }
    }

    private static final class Native implements DeflateEngine {
        private final IntelDeflater deflater = new IntelDeflater(LEVEL, true);

        @Override
        public String name() {
            return "isa-l";
        }

        @Override
        public int deflate(byte[] in, int length, byte[] out) {
            deflater.reset();
            deflater.setInput(in, 0, length);
            deflater.finish();
            int written = deflater.deflate(out, 0, out.length);
            return deflater.finished() ? written : -1;
        }

        @Override
        public void close() {
            deflater.end();
        }
    }

    private static final class Jdk implements DeflateEngine {
        private final Deflater deflater = new Deflater(LEVEL, true);

        @Override
        public String name() {
            return "zlib";
        }

        @Override
        public int deflate(byte[] in, int length, byte[] out) {
            deflater.reset();
            deflater.setInput(in, 0, length);
            deflater.finish();
            int written = 0;
            while (!deflater.finished() && written < out.length) {
                written += deflater.deflate(out, written, out.length - written);
            }
            return deflater.finished() ? written : -1;
        }

        @Override
        public void close() {
            deflater.end();
        }
    }
}
