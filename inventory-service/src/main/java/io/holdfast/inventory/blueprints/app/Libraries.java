package io.holdfast.inventory.blueprints.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.language.Library;

/** What a caller's blueprints may import. */
public interface Libraries {

    Library of(CallerIdentity caller);
}
