package io.holdfast.snapshot.copies.remote;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.InternalHttp;
import io.holdfast.snapshot.SnapshotMessaging;
import io.holdfast.snapshot.copies.ArchiveName;
import io.holdfast.snapshot.copies.Orders;
import io.holdfast.snapshot.copies.OtherNodes;
import io.holdfast.snapshot.copies.Report;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;

/** {@code /internal/snapshot/copies} of other nodes, signed with the installation's key. */
@ApplicationScoped
class SnapshotServices implements OtherNodes {

    private final InternalHttp http;

    SnapshotServices(InternalHttp http) {
        this.http = http;
    }

    @Override
    public Orders report(URI manager, Report report) throws IOException {
        try {
            return http.at(manager, SnapshotMessaging.SERVICE).post("/copies", report, Orders.class);
        } catch (ManagerException e) {
            throw new IOException(e.detail(), e);
        }
    }

    @Override
    public InputStream open(URI manager, ArchiveName name, long offset) throws IOException {
        String query =
                "?tenant=" + encoded(name.tenantName()) + "&id=" + encoded(name.snapshotId()) + "&offset=" + offset;
        try {
            return http.at(manager, SnapshotMessaging.SERVICE)
                    .open("GET", "/copies/archive" + query, BodyPublishers.noBody())
                    .body();
        } catch (ManagerException e) {
            throw new IOException(e.detail(), e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
