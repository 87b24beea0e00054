package io.holdfast.inventory.tenants.app;

import io.holdfast.inventory.content.app.ContentLibrary;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;

/**
 * Removes what is left of a tenant that is deleted: what does not keep it from being deleted, as saved filters, and what came while it was.
 * The next tenant of that name would have it.
 */
@ApplicationScoped
public class ForgetTenant {

    private final TenantRows rows;
    private final ContentLibrary content;

    ForgetTenant(TenantRows rows, ContentLibrary content) {
        this.rows = rows;
        this.content = content;
    }

    @Transactional
    public void forget(String tenant) {
        List<String> contents = rows.contents(tenant);
        rows.deleteAll(tenant);
        contents.forEach(content::dropIfUnused);
    }
}
