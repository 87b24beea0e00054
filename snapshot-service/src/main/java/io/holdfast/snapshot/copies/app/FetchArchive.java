package io.holdfast.snapshot.copies.app;

import io.holdfast.snapshot.copies.OtherNodes;
import io.holdfast.snapshot.copies.Wanted;
import io.holdfast.snapshot.store.ArchiveStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jboss.logging.Logger;

/**
 * Copies one archive from another node into this node's store. A copy that broke off goes on where it stopped, also from another node;
 * it becomes the archive only if its size and SHA-256 are the catalogue's.
 */
@ApplicationScoped
public class FetchArchive {

    private static final Logger LOG = Logger.getLogger(FetchArchive.class);
    private static final int BUFFER = 1 << 16;

    private final ArchiveStore store;
    private final OtherNodes others;

    FetchArchive(ArchiveStore store, OtherNodes others) {
        this.store = store;
        this.others = others;
    }

    /** @throws IOException if the node has it not, breaks off, or has another one; what came is kept for the next try, unless it is wrong */
    public synchronized void fetch(URI manager, Wanted wanted) throws IOException {
        Path part = store.partOf(wanted.sha256());
        long have = Files.exists(part) ? Files.size(part) : 0;
        if (have > wanted.bytes()) {
            Files.delete(part);
            have = 0;
        }
        if (have < wanted.bytes()) {
            copy(manager, wanted, part, have);
        }
        if (Files.size(part) != wanted.bytes()) {
            throw new IOException("the copy of " + wanted.snapshotId() + " from " + manager + " ended after "
                    + Files.size(part) + " of " + wanted.bytes() + " bytes");
        }
        String sha256 = sha256(part);
        if (!sha256.equals(wanted.sha256())) {
            Files.delete(part);
            throw new IOException("the copy of " + wanted.snapshotId() + " from " + manager + " has SHA-256 " + sha256
                    + "; the catalogue says " + wanted.sha256());
        }
        store.publish(part, wanted.tenantName(), wanted.snapshotId());
        LOG.infof("Copied the archive of snapshot %s (%d bytes) from %s", wanted.snapshotId(), wanted.bytes(), manager);
    }

    /** Whether this node has exactly that archive. Reads all of it. */
    public boolean isHeld(Wanted wanted) throws IOException {
        Path file = store.find(wanted.tenantName(), wanted.snapshotId()).orElse(null);
        return file != null
                && Files.size(file) == wanted.bytes()
                && sha256(file).equals(wanted.sha256());
    }

    private void copy(URI manager, Wanted wanted, Path part, long from) throws IOException {
        try (InputStream in = others.open(manager, wanted.name(), from);
                OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            byte[] buffer = new byte[BUFFER];
            long left = wanted.bytes() - from;
            // One byte more than there should be is enough to see that it is another archive.
            for (int n = in.read(buffer); n > 0 && left >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                left -= n;
            }
        }
    }

    private static String sha256(Path file) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
