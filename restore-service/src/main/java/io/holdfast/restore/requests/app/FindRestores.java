package io.holdfast.restore.requests.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.restore.requests.Restore;
import io.holdfast.restore.requests.Restores;
import io.holdfast.restore.rule.Decision;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;

/** Looks at restores. */
@ApplicationScoped
public class FindRestores {

    private final Restores restores;

    FindRestores(Restores restores) {
        this.restores = restores;
    }

    @Transactional
    public Restore get(String id) {
        return restores.find(id)
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.NOT_FOUND, "Requested `Restore` with ID `" + id + "` was not found", null));
    }

    @Transactional
    public List<Restore> list(int offset, int limit) {
        return restores.list(offset, limit);
    }

    @Transactional
    public long count() {
        return restores.total();
    }

    @Transactional
    public List<Decision> decisions(String id, int limit) {
        return restores.decisions(id, limit);
    }

    /** Those that run, from the answer to their request until the gate is open again; no dry runs. */
    @Transactional
    public List<Restore> running() {
        return restores.unfinished().stream()
                .filter(restore ->
                        !restore.options().dryRun() && (!restore.status().isFinal() || restore.gateHeld()))
                .toList();
    }
}
