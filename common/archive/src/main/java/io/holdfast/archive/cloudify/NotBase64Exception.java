package io.holdfast.archive.cloudify;

import java.io.IOException;

/** A file that should hold base64 holds something else. Tells the archive's fault from that of the disk. */
public final class NotBase64Exception extends IOException {

    private static final long serialVersionUID = 1L;

    NotBase64Exception(IOException cause) {
        super("not base64: " + cause.getMessage(), cause);
    }
}
