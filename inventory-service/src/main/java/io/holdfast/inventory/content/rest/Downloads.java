package io.holdfast.inventory.content.rest;

import io.holdfast.http.Attachment;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.content.app.Download;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Answers with content. The manager API's client needs both headers (cfy-client section 2). */
@Singleton
public class Downloads {

    private final ContentLibrary library;

    public Downloads(ContentLibrary library) {
        this.library = library;
    }

    public Response answer(Download download) {
        return Response.ok(library.open(download.content()), MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .header(HttpHeaders.CONTENT_LENGTH, download.content().sizeBytes())
                .header(HttpHeaders.CONTENT_DISPOSITION, Attachment.named(download.filename()))
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .build();
    }
}
