package io.holdfast.restore.undo.rest;

import io.holdfast.http.CurrentCaller;
import io.holdfast.restore.requests.Restore;
import io.holdfast.restore.requests.app.FindRestores;
import io.holdfast.restore.undo.app.DiscardFormerState;
import io.holdfast.restore.undo.app.UndoRestore;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/** {@code POST …/undo} and {@code …/discard}: both answer how the restore's former state stands afterwards. */
@Path("/internal/restore/v1/restores")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@Blocking
public class UndoResource {

    private final FindRestores find;
    private final UndoRestore undo;
    private final DiscardFormerState discard;
    private final CurrentCaller caller;

    UndoResource(FindRestores find, UndoRestore undo, DiscardFormerState discard, CurrentCaller caller) {
        this.find = find;
        this.undo = undo;
        this.discard = discard;
        this.caller = caller;
    }

    @POST
    @Path("{id}/undo")
    public Map<String, Object> undo(@PathParam("id") String id) {
        undo.undo(find.get(id), caller.identity().username());
        return state(id);
    }

    @POST
    @Path("{id}/discard")
    public Map<String, Object> discard(@PathParam("id") String id) {
        discard.discard(find.get(id));
        return state(id);
    }

    private Map<String, Object> state(String id) {
        Restore restore = find.get(id);
        return Map.of("id", restore.id(), "snapshot_id", restore.snapshotId(), "undo", restore.undoState());
    }
}
