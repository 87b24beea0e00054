package io.holdfast.inventory.blueprints.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.inventory.resources.Visibility;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Executions, which another service owns. */
public interface UploadExecutions {

    record Key(String tenant, String id) {}

    /** Those that exist, in one question. A service that does not answer knows none: lists work without it. */
    Map<Key, ObjectNode> find(Collection<Key> keys);

    /**
     * The upload has begun.
     *
     * @param parameters as the product shows them
     */
    void started(Key key, Visibility visibility, String createdBy, Map<String, @Nullable Object> parameters);

    /** One line of its log. */
    void logged(Key key, String text);

    /** @param error null: it went well */
    void ended(Key key, @Nullable String error);

    /** What the product shows where there is no execution: every field null. */
    ObjectNode none();
}
