package io.holdfast.listing;

import io.holdfast.http.CallerIdentity;
import javax.sql.DataSource;

/** A catalogue that is its entity's rows and nothing else; the base of those with more to say. */
public class EntityCatalogue implements Catalogue {

    private final Lister lister;
    private final Entity entity;

    public EntityCatalogue(DataSource dataSource, Entity entity) {
        this.lister = new Lister(dataSource);
        this.entity = entity;
    }

    @Override
    public Listing list(ListRequest request, CallerIdentity caller) {
        return lister.list(entity, request, caller);
    }

    @Override
    public Row get(String id, ListRequest request, CallerIdentity caller) {
        return lister.get(entity, id, request, caller);
    }

    protected final Lister lister() {
        return lister;
    }

    protected final Entity entity() {
        return entity;
    }
}
